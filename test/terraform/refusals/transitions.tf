# refused: NotImplemented
resource "aws_s3_bucket" "plain" {
  bucket = var.name
}

resource "aws_s3_bucket_lifecycle_configuration" "refused" {
  bucket = aws_s3_bucket.plain.id
  rule {
    id     = "colder"
    status = "Enabled"
    filter {
      prefix = "logs/"
    }
    transition {
      days          = 30
      storage_class = "STANDARD_IA"
    }
    transition {
      days          = 90
      storage_class = "GLACIER"
    }
  }
}
