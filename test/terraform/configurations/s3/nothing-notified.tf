# A bucket whose notifications are said to be none, as modules write it.
resource "aws_s3_bucket" "quiet" {
  bucket = var.name
  tags   = { step = var.updated ? "two" : "one" }
}

resource "aws_s3_bucket_notification" "quiet" {
  bucket = aws_s3_bucket.quiet.id
}
