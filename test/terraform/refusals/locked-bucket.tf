# refused: NotImplemented
resource "aws_s3_bucket" "refused" {
  bucket              = var.name
  object_lock_enabled = true
}
