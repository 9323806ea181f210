# Shards by number: doubled, as AWS allows in one step.
resource "aws_kinesis_stream" "orders" {
  name             = var.name
  shard_count      = var.updated ? 4 : 2
  retention_period = var.updated ? 168 : 48
  stream_mode_details {
    stream_mode = "PROVISIONED"
  }
}

resource "aws_kinesis_stream" "shrinking" {
  name        = "${var.name}-shrinking"
  shard_count = var.updated ? 1 : 2
}
