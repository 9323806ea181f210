# Enhanced fan-out: consumers that are there before and after an update, and one that comes with it.
resource "aws_kinesis_stream" "orders" {
  name                      = var.name
  shard_count               = 1
  enforce_consumer_deletion = true
  tags                      = { consumers = var.updated ? "three" : "two" }
}

resource "aws_kinesis_stream_consumer" "app" {
  for_each   = toset(var.updated ? ["audit", "billing", "search"] : ["audit", "billing"])
  name       = each.key
  stream_arn = aws_kinesis_stream.orders.arn
}

data "aws_kinesis_stream_consumer" "billing" {
  stream_arn = aws_kinesis_stream.orders.arn
  name       = aws_kinesis_stream_consumer.app["billing"].name
  lifecycle {
    postcondition {
      condition     = self.status == "ACTIVE" && self.arn == aws_kinesis_stream_consumer.app["billing"].arn
      error_message = "the consumer that is read is not the one that was made"
    }
  }
}
