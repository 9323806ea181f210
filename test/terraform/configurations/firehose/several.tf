# One for each of several teams, from one description, and what others read of them.
variable "teams" {
  default = {
    ads   = { interval = 60, compression = "GZIP" }
    sales = { interval = 300, compression = "UNCOMPRESSED" }
    web   = { interval = 0, compression = "Snappy" }
  }
}

resource "aws_kinesis_firehose_delivery_stream" "of_team" {
  for_each    = var.teams
  name        = "${var.name}-${each.key}"
  destination = "extended_s3"
  extended_s3_configuration {
    role_arn           = aws_iam_role.firehose.arn
    bucket_arn         = aws_s3_bucket.lake.arn
    prefix             = "${each.key}/"
    buffering_interval = each.value.interval + (var.updated ? 60 : 0)
    compression_format = each.value.compression
  }
  lifecycle {
    ignore_changes = [tags]
  }
}

data "aws_kinesis_firehose_delivery_stream" "ads" {
  name = aws_kinesis_firehose_delivery_stream.of_team["ads"].name
  lifecycle {
    postcondition {
      condition     = self.arn == aws_kinesis_firehose_delivery_stream.of_team["ads"].arn
      error_message = "another ARN: ${self.arn}"
    }
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
