# A user of a machine: keys, an inline policy, one that is attached, a boundary that comes.
resource "aws_iam_policy" "write" {
  name   = "${var.name}-write"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "firehose:PutRecord*", Resource = "*" }] })
}

resource "aws_iam_user" "producer" {
  name                 = var.name
  path                 = "/machines/"
  force_destroy        = true
  permissions_boundary = var.updated ? aws_iam_policy.write.arn : null
  tags                 = { team = var.updated ? "platform" : "data" }
}

resource "aws_iam_access_key" "producer" {
  user   = aws_iam_user.producer.name
  status = var.updated ? "Inactive" : "Active"
}

resource "aws_iam_user_policy" "producer" {
  name   = "put"
  user   = aws_iam_user.producer.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "kinesis:PutRecord*", Resource = "*" }] })
}

resource "aws_iam_user_policy_attachment" "producer" {
  user       = aws_iam_user.producer.name
  policy_arn = aws_iam_policy.write.arn
}
