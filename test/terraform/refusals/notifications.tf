# refused: InvalidArgument|NotImplemented
resource "aws_s3_bucket" "plain" {
  for_each = toset(["sqs", "sns", "lambda", "eventbridge"])
  bucket   = "${var.name}-${each.key}"
}

resource "aws_s3_bucket_notification" "refused" {
  for_each    = aws_s3_bucket.plain
  bucket      = each.value.id
  eventbridge = each.key == "eventbridge"
  dynamic "queue" {
    for_each = each.key == "sqs" ? [1] : []
    content {
      queue_arn = "arn:aws:sqs:us-east-1:000000000000:landed"
      events    = ["s3:ObjectCreated:*"]
    }
  }
  dynamic "topic" {
    for_each = each.key == "sns" ? [1] : []
    content {
      topic_arn = "arn:aws:sns:us-east-1:000000000000:landed"
      events    = ["s3:ObjectCreated:*"]
    }
  }
  dynamic "lambda_function" {
    for_each = each.key == "lambda" ? [1] : []
    content {
      lambda_function_arn = "arn:aws:lambda:us-east-1:000000000000:function:landed"
      events              = ["s3:ObjectCreated:*"]
      filter_suffix       = ".json"
    }
  }
}
