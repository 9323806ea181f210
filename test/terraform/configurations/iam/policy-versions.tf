# A managed policy whose text changes gets a new version; one attached to all that it names.
data "aws_iam_policy_document" "base" {
  statement {
    sid       = "streams"
    actions   = ["kinesis:Describe*", "kinesis:List*"]
    resources = ["*"]
  }
}

data "aws_iam_policy_document" "all" {
  source_policy_documents = [data.aws_iam_policy_document.base.json]
  statement {
    sid         = "objects"
    not_actions = ["s3:DeleteObject"]
    resources   = ["arn:aws:s3:::${var.name}/&{aws:username}/*"]
    condition {
      test     = "IpAddress"
      variable = "aws:SourceIp"
      values   = var.updated ? ["10.0.0.0/8", "192.168.0.0/16"] : ["10.0.0.0/8"]
    }
  }
}

resource "aws_iam_policy" "all" {
  name_prefix = "${var.name}-"
  policy      = data.aws_iam_policy_document.all.json
}

resource "aws_iam_user" "reader" {
  name = "${var.name}-reader"
}

resource "aws_iam_role" "reader" {
  name               = "${var.name}-reader"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }] })
}

resource "aws_iam_policy_attachment" "all" {
  name       = "readers"
  users      = [aws_iam_user.reader.name]
  roles      = [aws_iam_role.reader.name]
  policy_arn = aws_iam_policy.all.arn
}
