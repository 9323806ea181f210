# A role of a service with policies of each kind, its boundary and tags.
data "aws_caller_identity" "me" {}

data "aws_iam_policy" "kinesis" {
  arn = "arn:aws:iam::aws:policy/AmazonKinesisReadOnlyAccess"
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["firehose.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "sts:ExternalId"
      values   = [data.aws_caller_identity.me.account_id]
    }
  }
}

data "aws_iam_policy_document" "write" {
  statement {
    actions   = ["s3:PutObject", "s3:ListBucket"]
    resources = ["arn:aws:s3:::lake", "arn:aws:s3:::lake/*"]
  }
}

resource "aws_iam_policy" "limit" {
  name   = "${var.name}-limit"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] })
}

resource "aws_iam_policy" "write" {
  name        = "${var.name}-write"
  path        = "/pipelines/"
  description = "writes to the lake"
  policy      = data.aws_iam_policy_document.write.json
  tags        = { team = var.updated ? "platform" : "data" }
}

resource "aws_iam_role" "delivery" {
  name                 = var.name
  path                 = "/service-role/"
  description          = var.updated ? "for Firehose, of all" : "for Firehose"
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  max_session_duration = var.updated ? 3600 : 7200
  permissions_boundary = aws_iam_policy.limit.arn
  tags                 = { team = var.updated ? "platform" : "data", "cost centre" = "42" }
}

resource "aws_iam_role_policy" "inline" {
  name   = "write"
  role   = aws_iam_role.delivery.id
  policy = data.aws_iam_policy_document.write.json
}

resource "aws_iam_role_policy_attachment" "own" {
  role       = aws_iam_role.delivery.name
  policy_arn = aws_iam_policy.write.arn
}

resource "aws_iam_role_policy_attachment" "of_aws" {
  role       = aws_iam_role.delivery.name
  policy_arn = data.aws_iam_policy.kinesis.arn
}
