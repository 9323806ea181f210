# Names that Terraform makes up, and one for each of several.
resource "aws_s3_bucket" "prefixed" {
  bucket_prefix = "${var.name}-"
  tags          = { step = var.updated ? "two" : "one" }
}

resource "aws_s3_bucket" "of" {
  for_each = toset(["bronze", "silver", "gold"])
  bucket   = "${var.name}.${each.key}"
}

resource "aws_s3_bucket_public_access_block" "of" {
  for_each           = aws_s3_bucket.of
  bucket             = each.value.id
  block_public_acls  = true
  ignore_public_acls = var.updated
}
