# A bucket that tells a stream what is created, and another stream what is removed.
resource "aws_kinesis_stream" "told" {
  for_each    = toset(["created", "removed"])
  name        = "${var.name}-${each.key}"
  shard_count = 1
}

resource "aws_s3_bucket" "lake" {
  bucket = var.name
}

resource "aws_s3_bucket_notification" "lake" {
  bucket = aws_s3_bucket.lake.id
  queue {
    queue_arn     = aws_kinesis_stream.told["created"].arn
    events        = [var.updated ? "s3:ObjectCreated:Put" : "s3:ObjectCreated:*"]
    filter_prefix = "raw/"
    filter_suffix = ".gz"
  }
  queue {
    id        = "removed"
    queue_arn = aws_kinesis_stream.told["removed"].arn
    events    = ["s3:ObjectRemoved:*"]
  }
}
