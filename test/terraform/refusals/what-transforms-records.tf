# refused: Standpipe does not support (data format conversion|the Lambda processor)
locals {
  role   = "arn:aws:iam::000000000000:role/firehose"
  bucket = "arn:aws:s3:::${var.name}"
}

resource "aws_kinesis_firehose_delivery_stream" "refused" {
  name        = var.name
  destination = "extended_s3"
  extended_s3_configuration {
    role_arn       = local.role
    bucket_arn     = local.bucket
    buffering_size = 128
    data_format_conversion_configuration {
      input_format_configuration {
        deserializer {
          open_x_json_ser_de {}
        }
      }
      output_format_configuration {
        serializer {
          parquet_ser_de {}
        }
      }
      schema_configuration {
        database_name = "lake"
        table_name    = "events"
        role_arn      = local.role
      }
    }
  }
}

resource "aws_kinesis_firehose_delivery_stream" "lambda_refused" {
  name        = "${var.name}-lambda"
  destination = "extended_s3"
  extended_s3_configuration {
    role_arn   = local.role
    bucket_arn = local.bucket
    processing_configuration {
      enabled = true
      processors {
        type = "Lambda"
        parameters {
          parameter_name  = "LambdaArn"
          parameter_value = "arn:aws:lambda:us-east-1:000000000000:function:transform:$LATEST"
        }
      }
    }
  }
}
