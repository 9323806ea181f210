# Only over TLS, and a role of another account that reads.
resource "aws_s3_bucket" "shared" {
  bucket = var.name
}

data "aws_iam_policy_document" "shared" {
  statement {
    sid       = "denyInsecureTransport"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.shared.arn, "${aws_s3_bucket.shared.arn}/*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
    condition {
      test     = "StringNotEquals"
      variable = "aws:PrincipalTag/break-glass"
      values   = ["yes"]
    }
  }
  statement {
    sid       = "read"
    actions   = var.updated ? ["s3:GetObject", "s3:GetObjectVersion"] : ["s3:GetObject"]
    resources = ["${aws_s3_bucket.shared.arn}/public/*"]
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::123456789012:role/reader", "arn:aws:iam::210987654321:root"]
    }
  }
}

resource "aws_s3_bucket_policy" "shared" {
  bucket = aws_s3_bucket.shared.id
  policy = data.aws_iam_policy_document.shared.json
}

data "aws_s3_bucket_policy" "shared" {
  bucket = aws_s3_bucket_policy.shared.bucket
  lifecycle {
    postcondition {
      condition     = length(jsondecode(self.policy).Statement) == 2
      error_message = "another policy: ${self.policy}"
    }
  }
}
