# Another account may read a stream and subscribe as a consumer.
resource "aws_kinesis_stream" "shared" {
  name        = var.name
  shard_count = 1
}

resource "aws_kinesis_stream_consumer" "partner" {
  name       = "partner"
  stream_arn = aws_kinesis_stream.shared.arn
}

resource "aws_kinesis_resource_policy" "stream" {
  resource_arn = aws_kinesis_stream.shared.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Id      = "readers"
    Statement = [{
      Sid       = "Read"
      Effect    = "Allow"
      Principal = { AWS = "123456789012" }
      Action = concat(
        ["kinesis:DescribeStreamSummary", "kinesis:GetRecords", "kinesis:GetShardIterator"],
        var.updated ? ["kinesis:ListShards"] : [],
      )
      Resource = aws_kinesis_stream.shared.arn
    }]
  })
}

resource "aws_kinesis_resource_policy" "consumer" {
  resource_arn = aws_kinesis_stream_consumer.partner.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::123456789012:root" }
      Action    = ["kinesis:DescribeStreamConsumer", "kinesis:SubscribeToShard"]
      Resource  = aws_kinesis_stream_consumer.partner.arn
    }]
  })
}
