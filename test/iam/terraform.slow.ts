/** `npm run test:terraform`. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CreateAccessKeyCommand,
  GetRoleCommand,
  IAMClient,
  ListPoliciesCommand,
  ListRolesCommand,
  ListUsersCommand,
} from '@aws-sdk/client-iam'
import { clientOf, startServer } from '../server.ts'
import { lacksTerraform, provider, terraformIn } from '../terraform.ts'

const configuration = (endpoint: string, team: string) => `
${provider(endpoint, ['iam', 'sts'])}
data "aws_caller_identity" "me" {}
data "aws_iam_policy" "kinesis" {
  arn = "arn:aws:iam::aws:policy/AmazonKinesisReadOnlyAccess"
}
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["firehose.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "sts:ExternalId"
      values   = [data.aws_caller_identity.me.account_id]
    }
  }
}
data "aws_iam_policy_document" "write" {
  statement {
    actions   = ["s3:PutObject", "s3:ListBucket"]
    resources = ["arn:aws:s3:::lake", "arn:aws:s3:::lake/*"]
  }
}
resource "aws_iam_policy" "limit" {
  name   = "limit"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] })
}
resource "aws_iam_policy" "write" {
  name        = "write-lake"
  path        = "/pipelines/"
  description = "writes to the ${team} lake"
  policy      = data.aws_iam_policy_document.write.json
  tags        = { team = "${team}" }
}
resource "aws_iam_role" "delivery" {
  name                 = "delivery"
  path                 = "/service-role/"
  description          = "for Firehose, of ${team}"
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  max_session_duration = 7200
  permissions_boundary = aws_iam_policy.limit.arn
  tags                 = { team = "${team}", "cost centre" = "42" }
}
resource "aws_iam_role_policy" "inline" {
  name   = "write"
  role   = aws_iam_role.delivery.id
  policy = data.aws_iam_policy_document.write.json
}
resource "aws_iam_role_policy_attachment" "own" {
  role       = aws_iam_role.delivery.name
  policy_arn = aws_iam_policy.write.arn
}
resource "aws_iam_role_policy_attachment" "of_aws" {
  role       = aws_iam_role.delivery.name
  policy_arn = data.aws_iam_policy.kinesis.arn
}
resource "aws_iam_user" "producer" {
  name          = "producer"
  path          = "/machines/"
  force_destroy = true
  tags          = { team = "${team}" }
}
resource "aws_iam_access_key" "producer" {
  user = aws_iam_user.producer.name
}
resource "aws_iam_user_policy" "producer" {
  name   = "put"
  user   = aws_iam_user.producer.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "kinesis:PutRecord*", Resource = "*" }] })
}
resource "aws_iam_user_policy_attachment" "producer" {
  user       = aws_iam_user.producer.name
  policy_arn = aws_iam_policy.write.arn
}
`

test('Terraform makes users, keys, policies and roles, sees no drift, changes them and removes them', {
  skip: await lacksTerraform(),
}, async (t) => {
  const { endpoint, clientConfig } = await startServer(t)
  const iam = clientOf(t, new IAMClient(clientConfig))
  const { init, apply, seesNoDrift, destroy, configure } = terraformIn(t)
  const descriptionOfRole = async () =>
    (await iam.send(new GetRoleCommand({ RoleName: 'delivery' }))).Role?.Description
  configure(configuration(endpoint, 'data'))
  await init()
  assert.match(await apply(), /10 added/)
  assert.equal(await descriptionOfRole(), 'for Firehose, of data')
  await seesNoDrift()
  configure(configuration(endpoint, 'platform'))
  assert.match(await apply(), /changed/)
  assert.equal(await descriptionOfRole(), 'for Firehose, of platform')
  await seesNoDrift()
  // Not of Terraform's making: force_destroy takes it along.
  await iam.send(new CreateAccessKeyCommand({ UserName: 'producer' }))
  assert.match(await destroy(), /10 destroyed/)
  assert.deepEqual((await iam.send(new ListUsersCommand({}))).Users, [])
  assert.deepEqual((await iam.send(new ListRolesCommand({}))).Roles, [])
  assert.deepEqual((await iam.send(new ListPoliciesCommand({ Scope: 'Local' }))).Policies, [])
})
