# What others read of a bucket and of what is in it.
resource "aws_s3_bucket" "read" {
  bucket        = var.name
  force_destroy = true
  tags          = { step = var.updated ? "two" : "one" }
}

resource "aws_s3_object" "read" {
  for_each     = { "a/1" = "one", "a/2" = "two", "b/3" = "three" }
  bucket       = aws_s3_bucket.read.id
  key          = each.key
  content      = each.value
  content_type = "text/plain"
  metadata     = { number = each.value }
}

data "aws_s3_bucket" "read" {
  bucket = aws_s3_bucket.read.id
  lifecycle {
    postcondition {
      condition     = self.arn == "arn:aws:s3:::${var.name}" && self.region == "us-east-1"
      error_message = "another bucket: ${self.arn}"
    }
  }
}

data "aws_s3_object" "read" {
  bucket = aws_s3_bucket.read.id
  key    = aws_s3_object.read["a/2"].key
  lifecycle {
    postcondition {
      condition     = self.body == "two" && self.content_length == 3 && self.metadata["number"] == "two"
      error_message = "another object: ${self.body}"
    }
  }
}

data "aws_s3_objects" "read" {
  bucket      = aws_s3_bucket.read.id
  prefix      = "a/"
  fetch_owner = true
  depends_on  = [aws_s3_object.read]
  lifecycle {
    postcondition {
      condition     = tolist(self.keys) == tolist(["a/1", "a/2"])
      error_message = "other keys: ${join(" ", self.keys)}"
    }
  }
}

data "aws_s3_objects" "folders" {
  bucket     = aws_s3_bucket.read.id
  delimiter  = "/"
  depends_on = [aws_s3_object.read]
  lifecycle {
    postcondition {
      condition     = tolist(self.common_prefixes) == tolist(["a/", "b/"])
      error_message = "other folders: ${join(" ", self.common_prefixes)}"
    }
  }
}
