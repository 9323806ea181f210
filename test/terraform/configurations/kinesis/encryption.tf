# Server-side encryption: with AWS's own key, with one of the customer's, switched on and off.
data "aws_caller_identity" "me" {}
data "aws_region" "here" {}

locals {
  key = "arn:aws:kms:${data.aws_region.here.name}:${data.aws_caller_identity.me.account_id}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
}

resource "aws_kinesis_stream" "of_aws" {
  name            = "${var.name}-of-aws"
  shard_count     = 1
  encryption_type = "KMS"
  kms_key_id      = "alias/aws/kinesis"
  tags            = { step = var.updated ? "two" : "one" }
}

resource "aws_kinesis_stream" "of_the_customer" {
  name            = "${var.name}-of-the-customer"
  shard_count     = 1
  encryption_type = var.updated ? "KMS" : "NONE"
  kms_key_id      = var.updated ? local.key : null
}

resource "aws_kinesis_stream" "no_more" {
  name            = "${var.name}-no-more"
  shard_count     = 1
  encryption_type = var.updated ? "NONE" : "KMS"
  kms_key_id      = var.updated ? null : "alias/orders"
}
