# refused: NotImplemented
resource "aws_s3_bucket" "plain" {
  bucket = var.name
}

resource "aws_s3_bucket_website_configuration" "refused" {
  bucket = aws_s3_bucket.plain.id
  index_document {
    suffix = "index.html"
  }
}
