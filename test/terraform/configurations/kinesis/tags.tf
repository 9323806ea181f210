# Tags that come, change and go, beside those of the provider's default_tags.
resource "aws_kinesis_stream" "tagged" {
  for_each    = toset(["clicks", "orders", "views"])
  name        = "${var.name}-${each.key}"
  shard_count = 1
  tags = merge(
    { Name = each.key, "cost centre" = "42", "kubernetes.io/owner" = "a+b=c:d/e@f" },
    var.updated ? { added = "yes", Name = upper(each.key) } : { removed = "soon" },
  )
}
