# Versions kept, and suspended afterwards; a bucket that never had any.
resource "aws_s3_bucket" "lake" {
  bucket        = var.name
  force_destroy = true
}

resource "aws_s3_bucket_versioning" "lake" {
  bucket = aws_s3_bucket.lake.id
  versioning_configuration {
    status = var.updated ? "Suspended" : "Enabled"
  }
}

resource "aws_s3_object" "hello" {
  bucket  = aws_s3_bucket_versioning.lake.bucket
  key     = "hello.txt"
  content = "hello ${var.updated ? "again" : ""}"
}

resource "aws_s3_bucket" "plain" {
  bucket = "${var.name}-plain"
}

resource "aws_s3_bucket_versioning" "plain" {
  bucket = aws_s3_bucket.plain.id
  versioning_configuration {
    status = "Disabled"
  }
}
