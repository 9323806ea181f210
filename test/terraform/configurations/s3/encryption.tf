# The default encryption with S3's own keys, said and changed.
resource "aws_s3_bucket" "private" {
  bucket = var.name
}

resource "aws_s3_bucket_server_side_encryption_configuration" "private" {
  bucket = aws_s3_bucket.private.id
  rule {
    bucket_key_enabled = var.updated
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_object" "encrypted" {
  bucket                 = aws_s3_bucket.private.id
  key                    = "encrypted"
  content                = "secret"
  server_side_encryption = "AES256"
}
