# What others read of a stream that is there.
data "aws_caller_identity" "me" {}
data "aws_region" "here" {}
data "aws_partition" "this" {}

resource "aws_kinesis_stream" "read" {
  name                = var.name
  shard_count         = 2
  retention_period    = var.updated ? 72 : 36
  encryption_type     = "KMS"
  kms_key_id          = "alias/aws/kinesis"
  shard_level_metrics = ["IncomingRecords"]
  tags                = { team = "data" }
}

data "aws_kinesis_stream" "read" {
  name = aws_kinesis_stream.read.name
  lifecycle {
    postcondition {
      condition     = self.arn == "arn:${data.aws_partition.this.partition}:kinesis:${data.aws_region.here.name}:${data.aws_caller_identity.me.account_id}:stream/${var.name}"
      error_message = "another ARN: ${self.arn}"
    }
    postcondition {
      condition = (
        self.status == "ACTIVE" && length(self.open_shards) == 2 && length(self.closed_shards) == 0
        && self.encryption_type == "KMS" && self.stream_mode_details[0].stream_mode == "PROVISIONED"
        && self.retention_period == aws_kinesis_stream.read.retention_period && self.tags["team"] == "data"
      )
      error_message = "what is read is not what was made"
    }
  }
}
