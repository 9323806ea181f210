# refused: Standpipe does not support \w+DestinationConfiguration
locals {
  role   = "arn:aws:iam::000000000000:role/firehose"
  bucket = "arn:aws:s3:::${var.name}"
}

resource "aws_kinesis_firehose_delivery_stream" "refused" {
  for_each    = toset(["http", "opensearch", "splunk", "redshift"])
  name        = "${var.name}-${each.key}"
  destination = { http = "http_endpoint", opensearch = "opensearch", splunk = "splunk", redshift = "redshift" }[each.key]

  dynamic "http_endpoint_configuration" {
    for_each = each.key == "http" ? [1] : []
    content {
      url      = "https://example.com/records"
      name     = "elsewhere"
      role_arn = local.role
      s3_configuration {
        role_arn   = local.role
        bucket_arn = local.bucket
      }
    }
  }
  dynamic "opensearch_configuration" {
    for_each = each.key == "opensearch" ? [1] : []
    content {
      domain_arn = "arn:aws:es:us-east-1:000000000000:domain/logs"
      role_arn   = local.role
      index_name = "logs"
      s3_configuration {
        role_arn   = local.role
        bucket_arn = local.bucket
      }
    }
  }
  dynamic "splunk_configuration" {
    for_each = each.key == "splunk" ? [1] : []
    content {
      hec_endpoint = "https://splunk.example.com:8088"
      hec_token    = "51D4DA16-C61B-4F5F-8EC7-ED4301342A4A"
      s3_configuration {
        role_arn   = local.role
        bucket_arn = local.bucket
      }
    }
  }
  dynamic "redshift_configuration" {
    for_each = each.key == "redshift" ? [1] : []
    content {
      role_arn        = local.role
      cluster_jdbcurl = "jdbc:redshift://logs.example.com/dev"
      username        = "loader"
      password        = "Loader-of-logs-1"
      data_table_name = "logs"
      s3_configuration {
        role_arn   = local.role
        bucket_arn = local.bucket
      }
    }
  }
}
