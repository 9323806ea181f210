# What others read of roles, users and policies.
data "aws_caller_identity" "me" {}

resource "aws_iam_role" "read" {
  name               = var.name
  path               = "/read/"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }] })
  description        = var.updated ? "two" : "one"
}

resource "aws_iam_user" "read" {
  name = var.name
  path = "/read/"
}

resource "aws_iam_policy" "read" {
  name   = var.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "*" }] })
}

data "aws_iam_role" "read" {
  name = aws_iam_role.read.name
  lifecycle {
    postcondition {
      condition     = self.arn == "arn:aws:iam::${data.aws_caller_identity.me.account_id}:role/read/${var.name}" && self.unique_id == aws_iam_role.read.unique_id
      error_message = "another role: ${self.arn}"
    }
  }
}

data "aws_iam_user" "read" {
  user_name = aws_iam_user.read.name
  lifecycle {
    postcondition {
      condition     = self.arn == aws_iam_user.read.arn && self.path == "/read/"
      error_message = "another user: ${self.arn}"
    }
  }
}

data "aws_iam_policy" "read" {
  name       = aws_iam_policy.read.name
  depends_on = [aws_iam_policy.read]
  lifecycle {
    postcondition {
      condition     = self.arn == aws_iam_policy.read.arn && self.policy == aws_iam_policy.read.policy
      error_message = "another policy: ${self.arn}"
    }
  }
}

data "aws_iam_roles" "read" {
  path_prefix = "/read/"
  name_regex  = "^${var.name}$"
  depends_on  = [aws_iam_role.read]
  lifecycle {
    postcondition {
      condition     = tolist(self.names) == tolist([var.name])
      error_message = "other roles: ${join(" ", self.names)}"
    }
  }
}

data "aws_iam_users" "read" {
  path_prefix = "/read/"
  depends_on  = [aws_iam_user.read]
  lifecycle {
    postcondition {
      condition     = contains(self.names, var.name)
      error_message = "other users: ${join(" ", self.names)}"
    }
  }
}

data "aws_iam_session_context" "read" {
  arn = "arn:aws:sts::${data.aws_caller_identity.me.account_id}:assumed-role/${aws_iam_role.read.name}/session"
  lifecycle {
    postcondition {
      condition     = self.issuer_arn == aws_iam_role.read.arn
      error_message = "another issuer: ${self.issuer_arn}"
    }
  }
}
