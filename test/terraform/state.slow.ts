/** `npm run test:terraform`. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { CreateBucketCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { CLIENT_KEY } from '../client-access.ts'
import { temporaryFolder } from '../process.ts'
import { clientOf, startServer } from '../server.ts'
import { writeAuthority } from './configurations.ts'
import { AUTHORITY, lacksTerraform, terraformIn } from './terraform-command.ts'

const Bucket = 'state'
const KEY = 'prod/terraform.tfstate'

const configuration = (endpoint: string) => `
terraform {
  backend "s3" {
    bucket           = "${Bucket}"
    key              = "${KEY}"
    region           = "us-east-1"
    access_key       = "${CLIENT_KEY.accessKeyId}"
    secret_key       = "${CLIENT_KEY.secretAccessKey}"
    encrypt          = true
    use_lockfile     = true
    use_path_style   = true
    custom_ca_bundle = "${AUTHORITY}"
    endpoints = {
${['iam', 's3', 'sts'].map((service) => `      ${service} = "${endpoint}"`).join('\n')}
    }
  }
}
variable "updated" { default = false }
resource "terraform_data" "one" { input = var.updated }
`

test('Terraform keeps its state in a bucket, and works on it only while nobody else holds its lock', {
  skip: await lacksTerraform(),
}, async (t) => {
  const { endpoint, clientConfig } = await startServer(t)
  const s3 = clientOf(t, new S3Client(clientConfig))
  await s3.send(new CreateBucketCommand({ Bucket }))
  const keys = async () =>
    (await s3.send(new ListObjectsV2Command({ Bucket }))).Contents?.map(({ Key }) => Key)
  const folder = temporaryFolder(t)
  await writeAuthority(folder, endpoint)
  writeFileSync(join(folder, 'main.tf'), configuration(endpoint.replace('http:', 'https:')))
  const { init, plan, apply, resources } = terraformIn(folder)
  await init()
  await plan()
  assert.deepEqual(await apply(), [])
  assert.deepEqual(
    (await resources()).map(({ address }) => address),
    ['terraform_data.one'],
  )
  assert.deepEqual(await keys(), [KEY])

  const Body = JSON.stringify({ ID: 'somebody' })
  await s3.send(new PutObjectCommand({ Bucket, Key: `${KEY}.tflock`, Body }))
  const { wrong } = await plan('-var=updated=true')
  assert.match(wrong.map(({ text }) => text).join(), /PreconditionFailed[\s\S]*somebody/)
  assert.deepEqual(await keys(), [KEY, `${KEY}.tflock`])
})
