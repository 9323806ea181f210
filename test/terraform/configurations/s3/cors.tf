# What pages of other origins may do.
resource "aws_s3_bucket" "uploads" {
  bucket = var.name
}

resource "aws_s3_bucket_cors_configuration" "uploads" {
  bucket = aws_s3_bucket.uploads.id
  cors_rule {
    id              = "uploads"
    allowed_headers = ["*"]
    allowed_methods = ["POST", "PUT"]
    allowed_origins = ["https://app.example.com"]
    expose_headers  = ["ETag", "x-amz-version-id"]
    max_age_seconds = var.updated ? 600 : 3000
  }
  dynamic "cors_rule" {
    for_each = var.updated ? ["https://*.example.com", "http://localhost:3000"] : ["*"]
    content {
      allowed_methods = ["GET", "HEAD"]
      allowed_origins = [cors_rule.value]
    }
  }
}
