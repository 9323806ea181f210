# An on-demand stream, as most new ones are.
resource "aws_kinesis_stream" "events" {
  name             = var.name
  retention_period = var.updated ? 48 : 24
  stream_mode_details {
    stream_mode = "ON_DEMAND"
  }
  tags = {
    Environment = var.updated ? "production" : "staging"
  }
}
