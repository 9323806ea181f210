# From on-demand to shards by number and the other way round.
resource "aws_kinesis_stream" "to_provisioned" {
  name        = "${var.name}-to-provisioned"
  shard_count = var.updated ? 4 : null
  stream_mode_details {
    stream_mode = var.updated ? "PROVISIONED" : "ON_DEMAND"
  }
}

resource "aws_kinesis_stream" "to_on_demand" {
  name        = "${var.name}-to-on-demand"
  shard_count = var.updated ? null : 3
  stream_mode_details {
    stream_mode = var.updated ? "ON_DEMAND" : "PROVISIONED"
  }
}
