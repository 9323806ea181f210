# Enhanced monitoring.
resource "aws_kinesis_stream" "some" {
  name                = "${var.name}-some"
  shard_count         = 1
  shard_level_metrics = var.updated ? ["IncomingBytes", "IteratorAgeMilliseconds"] : ["IncomingBytes", "OutgoingBytes"]
}

resource "aws_kinesis_stream" "every" {
  name        = "${var.name}-every"
  shard_count = 1
  shard_level_metrics = var.updated ? [] : [
    "IncomingBytes",
    "IncomingRecords",
    "OutgoingBytes",
    "OutgoingRecords",
    "WriteProvisionedThroughputExceeded",
    "ReadProvisionedThroughputExceeded",
    "IteratorAgeMilliseconds",
  ]
}
