# Roles that have exactly the policies that are written here.
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole", "sts:TagSession"]
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::123456789012:root"]
    }
    condition {
      test     = "StringEquals"
      variable = "sts:ExternalId"
      values   = ["one"]
    }
  }
}

resource "aws_iam_role" "exclusive" {
  name                  = var.name
  assume_role_policy    = data.aws_iam_policy_document.trust.json
  force_detach_policies = true
  tags                  = { step = var.updated ? "two" : "one" }
}

resource "aws_iam_role_policy" "one" {
  name   = "one"
  role   = aws_iam_role.exclusive.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "*" }] })
}

resource "aws_iam_role_policy_attachment" "s3" {
  role       = aws_iam_role.exclusive.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
}

resource "aws_iam_role_policies_exclusive" "exclusive" {
  role_name    = aws_iam_role.exclusive.name
  policy_names = [aws_iam_role_policy.one.name]
}

resource "aws_iam_role_policy_attachments_exclusive" "exclusive" {
  role_name   = aws_iam_role.exclusive.name
  policy_arns = [aws_iam_role_policy_attachment.s3.policy_arn]
}

resource "aws_iam_role" "inline" {
  name                = "${var.name}-inline"
  assume_role_policy  = data.aws_iam_policy_document.trust.json
  managed_policy_arns = ["arn:aws:iam::aws:policy/AmazonKinesisFullAccess"]
  inline_policy {
    name   = "put"
    policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = var.updated ? "s3:PutObject*" : "s3:PutObject", Resource = "*" }] })
  }
}
