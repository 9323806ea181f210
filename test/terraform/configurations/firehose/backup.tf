# Every record kept as it came, beside what is delivered.
resource "aws_s3_bucket" "backup" {
  bucket        = "${var.name}-backup"
  force_destroy = true
}

resource "aws_kinesis_firehose_delivery_stream" "backed_up" {
  name        = var.name
  destination = "extended_s3"
  extended_s3_configuration {
    role_arn       = aws_iam_role.firehose.arn
    bucket_arn     = aws_s3_bucket.lake.arn
    prefix         = "delivered/"
    s3_backup_mode = "Enabled"
    s3_backup_configuration {
      role_arn            = aws_iam_role.firehose.arn
      bucket_arn          = aws_s3_bucket.backup.arn
      prefix              = var.updated ? "raw/!{timestamp:yyyy}/" : "raw/"
      error_output_prefix = "raw-errors/!{firehose:error-output-type}/"
      buffering_size      = 10
      buffering_interval  = var.updated ? 900 : 400
      compression_format  = "GZIP"
      cloudwatch_logging_options {
        enabled         = true
        log_group_name  = "/aws/kinesisfirehose/${var.name}"
        log_stream_name = "BackupDelivery"
      }
    }
    processing_configuration {
      enabled = true
      processors {
        type = "AppendDelimiterToRecord"
        parameters {
          parameter_name  = "Delimiter"
          parameter_value = "\\n"
        }
      }
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
