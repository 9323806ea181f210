# refused: NotImplemented
resource "aws_s3_bucket" "plain" {
  bucket = var.name
}

resource "aws_s3_bucket_server_side_encryption_configuration" "refused" {
  bucket = aws_s3_bucket.plain.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = "alias/lake"
    }
  }
}

resource "aws_s3_object" "refused" {
  bucket                 = aws_s3_bucket.plain.id
  key                    = "secret"
  content                = "secret"
  server_side_encryption = "aws:kms"
}
