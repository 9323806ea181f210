# Where Terraform keeps its state: versions, encrypted, over TLS alone, nothing public, old versions removed.
resource "aws_s3_bucket" "state" {
  bucket        = var.name
  force_destroy = true
}

resource "aws_s3_bucket_versioning" "state" {
  bucket = aws_s3_bucket.state.id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "state" {
  bucket = aws_s3_bucket.state.bucket
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_public_access_block" "state" {
  bucket                  = aws_s3_bucket.state.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_lifecycle_configuration" "state" {
  bucket     = aws_s3_bucket.state.id
  depends_on = [aws_s3_bucket_versioning.state]
  rule {
    id     = "old-versions"
    status = "Enabled"
    filter {}
    noncurrent_version_expiration {
      noncurrent_days = var.updated ? 180 : 90
    }
  }
}

resource "aws_s3_object" "state" {
  bucket  = aws_s3_bucket_versioning.state.bucket
  key     = "env:/prod/terraform.tfstate"
  content = jsonencode({ version = 4, serial = var.updated ? 2 : 1 })
}
