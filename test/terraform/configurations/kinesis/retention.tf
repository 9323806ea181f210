# A year, and back to what is the least.
resource "aws_kinesis_stream" "longer" {
  name             = "${var.name}-longer"
  shard_count      = 1
  retention_period = var.updated ? 8760 : 24
}

resource "aws_kinesis_stream" "shorter" {
  name             = "${var.name}-shorter"
  shard_count      = 1
  retention_period = var.updated ? 24 : 8760
}
