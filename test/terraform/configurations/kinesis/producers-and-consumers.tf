# A stream with the roles of what writes to it and of what reads it.
resource "aws_kinesis_stream" "clicks" {
  name             = var.name
  retention_period = 24
  stream_mode_details {
    stream_mode = "ON_DEMAND"
  }
}

data "aws_iam_policy_document" "assume" {
  for_each = { producer = "ecs-tasks.amazonaws.com", consumer = "lambda.amazonaws.com" }
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = [each.value]
    }
  }
}

resource "aws_iam_role" "app" {
  for_each           = data.aws_iam_policy_document.assume
  name               = "${var.name}-${each.key}"
  assume_role_policy = each.value.json
}

data "aws_iam_policy_document" "app" {
  for_each = {
    producer = ["kinesis:PutRecord", "kinesis:PutRecords"]
    consumer = concat(["kinesis:DescribeStreamSummary", "kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:ListShards"], var.updated ? ["kinesis:SubscribeToShard"] : [])
  }
  statement {
    actions   = each.value
    resources = [aws_kinesis_stream.clicks.arn]
  }
}

resource "aws_iam_role_policy" "app" {
  for_each = data.aws_iam_policy_document.app
  name     = "kinesis"
  role     = aws_iam_role.app[each.key].id
  policy   = each.value.json
}
