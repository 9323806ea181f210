/** `npm run test:terraform`: takes a minute, for Terraform's provider waits between its looks. */
import assert from 'node:assert/strict'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import {
  DescribeStreamSummaryCommand,
  KinesisClient,
  ListTagsForStreamCommand,
} from '@aws-sdk/client-kinesis'
import { CLIENT_KEY } from '../../client-access.ts'
import { run, startProcess, temporaryFolder } from '../../process.ts'
import { clientOf } from '../../server.ts'

/** The AWS provider as a local plugin directory: nothing is fetched. */
const PLUGINS = process.env.STANDPIPE_TF_PLUGINS ?? '/opt/tf-plugins'
const hasTerraform = (await run('terraform', ['version']).catch(() => ({ code: 1 }))).code === 0
const missing = !hasTerraform
  ? 'terraform is not installed'
  : !existsSync(PLUGINS) && `there is no provider in ${PLUGINS} (STANDPIPE_TF_PLUGINS)`

const configuration = (endpoint: string, retentionHours: number) => `
provider "aws" {
  region                      = "us-east-1"
  access_key                  = "${CLIENT_KEY.accessKeyId}"
  secret_key                  = "${CLIENT_KEY.secretAccessKey}"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
  skip_region_validation      = true
  endpoints { kinesis = "${endpoint}" }
}
resource "aws_kinesis_stream" "orders" {
  name                = "orders"
  shard_count         = 2
  retention_period    = ${retentionHours}
  shard_level_metrics = ["IncomingBytes", "OutgoingBytes"]
  encryption_type     = "KMS"
  kms_key_id          = "alias/aws/kinesis"
  tags                = { team = "ml" }
}
resource "aws_kinesis_stream" "events" {
  name = "events"
  stream_mode_details { stream_mode = "ON_DEMAND" }
}
resource "aws_kinesis_stream_consumer" "app" {
  name       = "app"
  stream_arn = aws_kinesis_stream.orders.arn
}
`

async function withTerraform(context: TestContext) {
  const folder = temporaryFolder(context)
  const { endpoint } = await startProcess(context, ['--port', '0', '--ephemeral', '--log-level', 'error'])
  const terraform = async (...args: string[]) => {
    const env = {
      ...process.env,
      TF_IN_AUTOMATION: '1',
      CHECKPOINT_DISABLE: '1',
      AWS_EC2_METADATA_DISABLED: 'true',
    }
    return await run('terraform', [...args, '-no-color'], { cwd: folder, env })
  }
  const succeed = async (...args: string[]) => {
    const { code, stdout, stderr } = await terraform(...args)
    assert.equal(code, 0, `terraform ${args.join(' ')}\n${stdout}${stderr}`)
  }
  const configure = (retentionHours: number) =>
    writeFileSync(join(folder, 'main.tf'), configuration(endpoint, retentionHours))
  const client = clientOf(
    context,
    new KinesisClient({ endpoint, region: 'us-east-1', credentials: CLIENT_KEY }),
  )
  return { terraform, succeed, configure, client }
}

test('Terraform makes streams and a consumer, sees no drift, changes and destroys them', {
  skip: missing,
}, async (context) => {
  const { terraform, succeed, configure, client } = await withTerraform(context)
  const isWithoutChanges = async () => {
    const { code, stdout } = await terraform('plan', '-input=false', '-detailed-exitcode')
    assert.equal(code, 0, stdout)
  }
  configure(48)
  await succeed('init', '-input=false', `-plugin-dir=${PLUGINS}`)
  await succeed('apply', '-input=false', '-auto-approve')
  await isWithoutChanges()
  const StreamName = 'orders'
  const summary = async () =>
    (await client.send(new DescribeStreamSummaryCommand({ StreamName }))).StreamDescriptionSummary
  const made = await summary()
  assert.deepEqual(
    [made?.OpenShardCount, made?.RetentionPeriodHours, made?.EncryptionType, made?.ConsumerCount],
    [2, 48, 'KMS', 1],
  )
  assert.deepEqual((await client.send(new ListTagsForStreamCommand({ StreamName }))).Tags, [
    { Key: 'team', Value: 'ml' },
  ])
  configure(24)
  await succeed('apply', '-input=false', '-auto-approve')
  assert.equal((await summary())?.RetentionPeriodHours, 24)
  await isWithoutChanges()
  await succeed('destroy', '-input=false', '-auto-approve')
  await assert.rejects(summary(), { name: 'ResourceNotFoundException' })
})
