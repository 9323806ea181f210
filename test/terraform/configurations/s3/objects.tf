# Objects of all kinds of settings, changed and copied.
resource "aws_s3_bucket" "artifacts" {
  bucket        = var.name
  force_destroy = true
}

resource "aws_s3_object" "full" {
  bucket              = aws_s3_bucket.artifacts.id
  key                 = "releases/1.0/app.json"
  content             = jsonencode({ version = var.updated ? "1.1" : "1.0" })
  content_type        = "application/json; charset=utf-8"
  content_encoding    = "identity"
  content_language    = "en-GB"
  content_disposition = "attachment; filename=\"app.json\""
  cache_control       = "max-age=60"
  storage_class       = "STANDARD_IA"
  metadata            = { commit = var.updated ? "def" : "abc", "built-by" = "ci" }
  checksum_algorithm  = "SHA256"
}

resource "aws_s3_object" "of_file" {
  bucket      = aws_s3_bucket.artifacts.id
  key         = "of-file.tf"
  source      = "${path.module}/main.tf"
  source_hash = filemd5("${path.module}/main.tf")
  etag        = filemd5("${path.module}/main.tf")
}

resource "aws_s3_object" "binary" {
  bucket         = aws_s3_bucket.artifacts.id
  key            = "binary"
  content_base64 = base64encode("\u0000binary")
}

resource "aws_s3_object" "folder" {
  bucket = aws_s3_bucket.artifacts.id
  key    = "folder/"
}

resource "aws_s3_object" "many" {
  for_each = toset([for n in range(12) : format("many/%02d.txt", n)])
  bucket   = aws_s3_bucket.artifacts.id
  key      = each.key
  content  = each.key
}

resource "aws_s3_object" "cold" {
  bucket        = aws_s3_bucket.artifacts.id
  key           = "cold"
  content       = "cold"
  storage_class = "GLACIER_IR"
}

resource "aws_s3_object_copy" "latest" {
  bucket            = aws_s3_bucket.artifacts.id
  key               = "releases/latest/app.json"
  source            = "${aws_s3_object.full.bucket}/${aws_s3_object.full.key}"
  tagging_directive = "REPLACE"
  tags              = { copied = var.updated ? "twice" : "once" }
}
