# refused: NotImplemented
resource "aws_s3_bucket" "plain" {
  bucket = var.name
}

resource "aws_s3_bucket_metric" "refused" {
  bucket = aws_s3_bucket.plain.id
  name   = "all"
}

resource "aws_s3_bucket_analytics_configuration" "refused" {
  bucket = aws_s3_bucket.plain.id
  name   = "all"
}

resource "aws_s3_bucket_intelligent_tiering_configuration" "refused" {
  bucket = aws_s3_bucket.plain.id
  name   = "all"
  tiering {
    access_tier = "ARCHIVE_ACCESS"
    days        = 125
  }
}

resource "aws_s3_bucket_inventory" "refused" {
  bucket                   = aws_s3_bucket.plain.id
  name                     = "daily"
  included_object_versions = "Current"
  schedule {
    frequency = "Daily"
  }
  destination {
    bucket {
      format     = "CSV"
      bucket_arn = aws_s3_bucket.plain.arn
    }
  }
}
