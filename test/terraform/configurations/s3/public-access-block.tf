# All of it blocked, then a public list let in.
resource "aws_s3_bucket" "site" {
  bucket        = var.name
  force_destroy = true
}

resource "aws_s3_bucket_public_access_block" "site" {
  bucket                  = aws_s3_bucket.site.id
  block_public_acls       = !var.updated
  block_public_policy     = !var.updated
  ignore_public_acls      = !var.updated
  restrict_public_buckets = !var.updated
}

resource "aws_s3_bucket_ownership_controls" "site" {
  bucket     = aws_s3_bucket.site.id
  depends_on = [aws_s3_bucket_public_access_block.site]
  rule {
    object_ownership = "BucketOwnerPreferred"
  }
}

resource "aws_s3_bucket_acl" "site" {
  bucket     = aws_s3_bucket.site.id
  acl        = var.updated ? "public-read" : "private"
  depends_on = [aws_s3_bucket_ownership_controls.site, aws_s3_bucket_public_access_block.site]
}

resource "aws_s3_object" "page" {
  bucket       = aws_s3_bucket.site.id
  key          = "index.html"
  content      = "<p>hello</p>"
  content_type = "text/html"
  acl          = var.updated ? "public-read" : "private"
  depends_on   = [aws_s3_bucket_acl.site]
}
