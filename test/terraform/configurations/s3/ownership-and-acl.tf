# Ownership controls first, then a canned list or grants.
locals {
  ownership = { enforced = "BucketOwnerEnforced", preferred = "BucketOwnerPreferred", writer = "ObjectWriter" }
}

data "aws_canonical_user_id" "me" {}

resource "aws_s3_bucket" "owned" {
  for_each      = local.ownership
  bucket        = "${var.name}-${each.key}"
  force_destroy = true
}

resource "aws_s3_bucket_ownership_controls" "owned" {
  for_each = local.ownership
  bucket   = aws_s3_bucket.owned[each.key].id
  rule {
    object_ownership = each.value
  }
}

resource "aws_s3_bucket_acl" "canned" {
  bucket = aws_s3_bucket_ownership_controls.owned["preferred"].bucket
  acl    = var.updated ? "log-delivery-write" : "private"
}

resource "aws_s3_bucket_acl" "granted" {
  bucket = aws_s3_bucket_ownership_controls.owned["writer"].bucket
  access_control_policy {
    grant {
      grantee {
        id   = data.aws_canonical_user_id.me.id
        type = "CanonicalUser"
      }
      permission = "FULL_CONTROL"
    }
    grant {
      grantee {
        type = "Group"
        uri  = "http://acs.amazonaws.com/groups/s3/LogDelivery"
      }
      permission = var.updated ? "READ_ACP" : "WRITE"
    }
    owner {
      id = data.aws_canonical_user_id.me.id
    }
  }
}
