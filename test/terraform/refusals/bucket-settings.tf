# refused: NotImplemented|InvalidArgument
resource "aws_s3_bucket" "plain" {
  bucket = var.name
}

resource "aws_s3_bucket_logging" "refused" {
  bucket        = aws_s3_bucket.plain.id
  target_bucket = aws_s3_bucket.plain.id
  target_prefix = "log/"
}

resource "aws_s3_bucket_accelerate_configuration" "refused" {
  bucket = aws_s3_bucket.plain.id
  status = "Enabled"
}

resource "aws_s3_bucket_request_payment_configuration" "refused" {
  bucket = aws_s3_bucket.plain.id
  payer  = "Requester"
}
