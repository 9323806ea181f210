# refused: NotImplemented
resource "aws_s3_bucket" "plain" {
  bucket = var.name
}

resource "aws_s3_access_point" "refused" {
  bucket = aws_s3_bucket.plain.id
  name   = "readers"
}

resource "aws_s3_account_public_access_block" "refused" {
  block_public_acls = true
}
