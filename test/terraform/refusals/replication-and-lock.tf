# refused: NotImplemented
resource "aws_s3_bucket" "plain" {
  bucket = var.name
}

resource "aws_s3_bucket_versioning" "plain" {
  bucket = aws_s3_bucket.plain.id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_replication_configuration" "refused" {
  bucket = aws_s3_bucket_versioning.plain.bucket
  role   = "arn:aws:iam::000000000000:role/replication"
  rule {
    id     = "all"
    status = "Enabled"
    destination {
      bucket        = "arn:aws:s3:::elsewhere"
      storage_class = "STANDARD"
    }
  }
}

resource "aws_s3_bucket_object_lock_configuration" "refused" {
  bucket = aws_s3_bucket_versioning.plain.bucket
  rule {
    default_retention {
      mode = "COMPLIANCE"
      days = 5
    }
  }
}
