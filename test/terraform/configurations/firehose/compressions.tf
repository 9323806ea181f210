# Every form that objects are written in.
locals {
  compressions = { gzip = "GZIP", zip = "ZIP", snappy = "Snappy", hadoop = "HADOOP_SNAPPY", plain = "UNCOMPRESSED" }
}

resource "aws_kinesis_firehose_delivery_stream" "compressed" {
  for_each    = local.compressions
  name        = "${var.name}-${each.key}"
  destination = "extended_s3"
  extended_s3_configuration {
    role_arn           = aws_iam_role.firehose.arn
    bucket_arn         = aws_s3_bucket.lake.arn
    prefix             = "${each.key}/"
    compression_format = var.updated && each.key == "gzip" ? "UNCOMPRESSED" : each.value
    file_extension     = var.updated ? ".${each.key}" : null
  }
}

data "aws_iam_policy_document" "assume" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["firehose.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "firehose" {
  name               = var.name
  assume_role_policy = data.aws_iam_policy_document.assume.json
}

resource "aws_s3_bucket" "lake" {
  bucket        = var.name
  force_destroy = true
}

data "aws_iam_policy_document" "firehose" {
  statement {
    actions   = ["s3:AbortMultipartUpload", "s3:GetBucketLocation", "s3:GetObject", "s3:ListBucket", "s3:ListBucketMultipartUploads", "s3:PutObject"]
    resources = [aws_s3_bucket.lake.arn, "${aws_s3_bucket.lake.arn}/*"]
  }
}

resource "aws_iam_role_policy" "firehose" {
  role   = aws_iam_role.firehose.id
  policy = data.aws_iam_policy_document.firehose.json
}
