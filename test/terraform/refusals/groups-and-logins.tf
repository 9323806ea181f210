# refused: Standpipe does not support (Create|Update)\w+
resource "aws_iam_user" "person" {
  name = var.name
}

resource "aws_iam_group" "refused" {
  name = var.name
}

resource "aws_iam_instance_profile" "refused" {
  name = var.name
}

resource "aws_iam_user_login_profile" "refused" {
  user = aws_iam_user.person.name
}

resource "aws_iam_service_linked_role" "refused" {
  aws_service_name = "autoscaling.amazonaws.com"
}

resource "aws_iam_openid_connect_provider" "refused" {
  url            = "https://accounts.example.com"
  client_id_list = ["app"]
}

resource "aws_iam_account_password_policy" "refused" {
  minimum_password_length = 12
}
