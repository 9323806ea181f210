# Every rule that removes: by days, by date, by size, by tags, of versions, of uploads that nobody completed.
resource "aws_s3_bucket" "logs" {
  bucket        = var.name
  force_destroy = true
}

resource "aws_s3_bucket_versioning" "logs" {
  bucket = aws_s3_bucket.logs.id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "logs" {
  bucket = aws_s3_bucket_versioning.logs.bucket
  rule {
    id     = "expire"
    status = "Enabled"
    filter {
      prefix = "logs/"
    }
    expiration {
      days = var.updated ? 60 : 30
    }
    noncurrent_version_expiration {
      noncurrent_days           = 30
      newer_noncurrent_versions = 3
    }
  }
  rule {
    id     = "uploads"
    status = "Enabled"
    filter {}
    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }
  rule {
    id     = "markers"
    status = "Enabled"
    filter {}
    expiration {
      expired_object_delete_marker = true
    }
  }
  rule {
    id     = "some"
    status = var.updated ? "Disabled" : "Enabled"
    filter {
      and {
        prefix                   = "tmp/"
        object_size_greater_than = 1024
        object_size_less_than    = 1048576
        tags                     = { keep = "no", team = "data" }
      }
    }
    expiration {
      days = 1
    }
  }
  rule {
    id     = "by-tag"
    status = "Enabled"
    filter {
      tag {
        key   = "temporary"
        value = "true"
      }
    }
    expiration {
      date = "2030-01-01T00:00:00Z"
    }
  }
}
