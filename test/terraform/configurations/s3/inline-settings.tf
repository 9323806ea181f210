# As it was written before the provider's version 4, all in the bucket, and is to this day.
resource "aws_s3_bucket" "old" {
  bucket        = var.name
  force_destroy = true

  versioning {
    enabled = true
  }

  server_side_encryption_configuration {
    rule {
      apply_server_side_encryption_by_default {
        sse_algorithm = "AES256"
      }
    }
  }

  lifecycle_rule {
    id                                     = "old"
    enabled                                = true
    prefix                                 = "old/"
    abort_incomplete_multipart_upload_days = 3
    expiration {
      days = var.updated ? 20 : 10
    }
    noncurrent_version_expiration {
      days = 5
    }
  }

  cors_rule {
    allowed_methods = ["GET"]
    allowed_origins = ["https://example.com"]
    max_age_seconds = var.updated ? 60 : 30
  }
}
