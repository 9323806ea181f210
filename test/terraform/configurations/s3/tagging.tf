# Tags of buckets and objects, beside those of the provider's default_tags.
resource "aws_s3_bucket" "tagged" {
  bucket        = var.name
  force_destroy = true
  tags          = merge({ Name = "tagged", "cost centre" = "42" }, var.updated ? { added = "yes" } : { removed = "soon" })
}

resource "aws_s3_object" "tagged" {
  bucket  = aws_s3_bucket.tagged.id
  key     = "tagged/ä b+c.txt"
  content = "tagged"
  tags    = { kind = var.updated ? "greeting" : "note", "a b" = "c=d + e" }
}
