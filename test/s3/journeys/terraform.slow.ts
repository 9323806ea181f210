/** `npm run test:terraform`: minutes long, for Terraform waits until a lifecycle configuration has settled. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import {
  GetBucketAclCommand,
  GetBucketTaggingCommand,
  ListBucketsCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { clientOf, startServer } from '../../server.ts'
import { lacksTerraform, provider, terraformIn } from '../../terraform.ts'

const s3Provider = (endpoint: string) =>
  provider(endpoint, ['s3', 's3control', 'sts'], 's3_use_path_style = true')

const configuration = (endpoint: string, tag: string) => `
${s3Provider(endpoint)}
resource "aws_s3_bucket" "lake" {
  bucket = "lake"
  force_destroy = true
  tags   = { team = "${tag}", "cost centre" = "42" }
}
resource "aws_s3_bucket_cors_configuration" "lake" {
  bucket = aws_s3_bucket.lake.id
  cors_rule {
    allowed_methods = ["GET"]
    allowed_origins = ["*"]
  }
}
resource "aws_s3_bucket_lifecycle_configuration" "lake" {
  bucket = aws_s3_bucket.lake.id
  rule {
    id     = "logs"
    status = "Enabled"
    filter { prefix = "logs/" }
    expiration { days = 30 }
    abort_incomplete_multipart_upload { days_after_initiation = 7 }
    noncurrent_version_expiration {
      noncurrent_days           = 30
      newer_noncurrent_versions = 3
    }
  }
}
resource "aws_s3_bucket_public_access_block" "lake" {
  bucket              = aws_s3_bucket.lake.id
  block_public_acls   = true
  block_public_policy = false
}
resource "aws_s3_bucket_versioning" "lake" {
  bucket = aws_s3_bucket.lake.id
  versioning_configuration { status = "${tag === 'data' ? 'Enabled' : 'Suspended'}" }
}
data "aws_iam_policy_document" "read" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["\${aws_s3_bucket.lake.arn}/*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:PrincipalTag/team"
      values   = ["${tag}"]
    }
  }
}
resource "aws_s3_bucket_policy" "lake" {
  bucket     = aws_s3_bucket.lake.id
  policy     = data.aws_iam_policy_document.read.json
  depends_on = [aws_s3_bucket_public_access_block.lake]
}
resource "aws_s3_object" "hello" {
  bucket  = aws_s3_bucket_versioning.lake.bucket
  key     = "hello.txt"
  content = "hello"
  tags    = { kind = "greeting" }
}
`

/** All that common modules of buckets set, `acl` and `ownership` among it. */
const moduleLike = (endpoint: string, acl: string) => `
${s3Provider(endpoint)}
data "aws_caller_identity" "current" {}
resource "aws_s3_bucket" "this" {
  bucket        = "logs"
  force_destroy = true
  tags          = { Name = "logs" }
}
resource "aws_s3_bucket_public_access_block" "this" {
  bucket                  = aws_s3_bucket.this.id
  block_public_acls       = false
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}
resource "aws_s3_bucket_ownership_controls" "this" {
  bucket = aws_s3_bucket.this.id
  rule { object_ownership = "BucketOwnerPreferred" }
  depends_on = [aws_s3_bucket_public_access_block.this]
}
resource "aws_s3_bucket_acl" "this" {
  bucket                = aws_s3_bucket.this.id
  expected_bucket_owner = data.aws_caller_identity.current.account_id
  acl                   = "${acl}"
  depends_on            = [aws_s3_bucket_ownership_controls.this]
}
resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  bucket = aws_s3_bucket.this.id
  rule {
    bucket_key_enabled = true
    apply_server_side_encryption_by_default { sse_algorithm = "AES256" }
  }
}
resource "aws_s3_bucket_request_payment_configuration" "this" {
  bucket = aws_s3_bucket.this.id
  payer  = "BucketOwner"
}
resource "aws_s3_bucket_accelerate_configuration" "this" {
  bucket = aws_s3_bucket.this.id
  status = "Suspended"
}
resource "aws_s3_bucket_lifecycle_configuration" "this" {
  bucket = aws_s3_bucket.this.id
  rule {
    id     = "log"
    status = "Enabled"
    filter {
      and {
        prefix = "log/"
        tags   = { some = "value" }
      }
    }
    expiration { days = 90 }
    noncurrent_version_expiration { noncurrent_days = 30 }
  }
}
resource "aws_s3_bucket_cors_configuration" "this" {
  bucket = aws_s3_bucket.this.id
  cors_rule {
    allowed_methods = ["PUT", "POST"]
    allowed_origins = ["https://example.com"]
    allowed_headers = ["*"]
    expose_headers  = ["ETag"]
    max_age_seconds = 3000
  }
}
data "aws_iam_policy_document" "this" {
  statement {
    sid       = "denyInsecureTransport"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.this.arn, "\${aws_s3_bucket.this.arn}/*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}
resource "aws_s3_bucket_policy" "this" {
  bucket     = aws_s3_bucket.this.id
  policy     = data.aws_iam_policy_document.this.json
  depends_on = [aws_s3_bucket_public_access_block.this]
}
resource "aws_s3_object" "hello" {
  bucket     = aws_s3_bucket.this.id
  key        = "hello.txt"
  content    = "hello"
  acl        = "${acl}"
  depends_on = [aws_s3_bucket_acl.this]
}
resource "aws_s3_bucket" "enforced" {
  bucket        = "enforced"
  force_destroy = true
}
resource "aws_s3_bucket_ownership_controls" "enforced" {
  bucket = aws_s3_bucket.enforced.id
  rule { object_ownership = "BucketOwnerEnforced" }
}
`

/** A server, and Terraform in a folder of its own. */
async function inFolder(t: TestContext) {
  const { endpoint, clientConfig } = await startServer(t)
  return { endpoint, s3: clientOf(t, new S3Client(clientConfig)), ...terraformIn(t) }
}

test('Terraform makes a bucket with tags, sees no drift, changes it and removes it', {
  skip: await lacksTerraform(),
}, async (t) => {
  const { endpoint, s3, init, apply, seesNoDrift, destroy, configure } = await inFolder(t)
  const tags = async () => {
    const { TagSet = [] } = await s3.send(new GetBucketTaggingCommand({ Bucket: 'lake' }))
    return Object.fromEntries(TagSet.map(({ Key, Value }) => [Key, Value]))
  }
  configure(configuration(endpoint, 'data'))
  await init()
  assert.match(await apply(), /7 added/)
  assert.deepEqual(await tags(), { team: 'data', 'cost centre': '42' })
  await seesNoDrift()
  configure(configuration(endpoint, 'platform'))
  assert.match(await apply(), /0 added, 3 changed/)
  assert.deepEqual(await tags(), { team: 'platform', 'cost centre': '42' })
  assert.match(await destroy(), /7 destroyed/)
  assert.deepEqual((await s3.send(new ListBucketsCommand({}))).Buckets ?? [], [])
})

test('what modules of buckets set is applied, read back without drift, changed and destroyed', {
  skip: await lacksTerraform(),
}, async (t) => {
  const { endpoint, s3, init, apply, seesNoDrift, destroy, configure } = await inFolder(t)
  const grants = async () => (await s3.send(new GetBucketAclCommand({ Bucket: 'logs' }))).Grants?.length
  configure(moduleLike(endpoint, 'private'))
  await init()
  assert.match(await apply(), /13 added/)
  await seesNoDrift()
  assert.equal(await grants(), 1)
  configure(moduleLike(endpoint, 'public-read'))
  assert.match(await apply(), /0 added, 2 changed/)
  await seesNoDrift()
  assert.equal(await grants(), 2)
  assert.match(await destroy(), /13 destroyed/)
  assert.deepEqual((await s3.send(new ListBucketsCommand({}))).Buckets ?? [], [])
})
