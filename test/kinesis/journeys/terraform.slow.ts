/** `npm run test:terraform`: takes a minute, for Terraform's provider waits between its looks. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  DescribeStreamSummaryCommand,
  KinesisClient,
  ListTagsForStreamCommand,
} from '@aws-sdk/client-kinesis'
import { CLIENT_KEY } from '../../client-access.ts'
import { startProcess } from '../../process.ts'
import { clientOf } from '../../server.ts'
import { lacksTerraform, provider, terraformIn } from '../../terraform.ts'

/** What spares calls, as docs/clients.md says. */
const SKIPPED = ['credentials_validation', 'metadata_api_check', 'requesting_account_id', 'region_validation']
  .map((name) => `skip_${name} = true`)
  .join('\n  ')

const configuration = (endpoint: string, retentionHours: number) => `
${provider(endpoint, ['kinesis'], SKIPPED)}
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

test('Terraform makes streams and a consumer, sees no drift, changes and destroys them', {
  skip: await lacksTerraform(),
}, async (t) => {
  const { endpoint } = await startProcess(t, ['--port', '0', '--ephemeral', '--log-level', 'error'])
  const client = clientOf(t, new KinesisClient({ endpoint, region: 'us-east-1', credentials: CLIENT_KEY }))
  const { init, apply, seesNoDrift, destroy, configure } = terraformIn(t)
  configure(configuration(endpoint, 48))
  await init()
  await apply()
  await seesNoDrift()
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
  configure(configuration(endpoint, 24))
  await apply()
  assert.equal((await summary())?.RetentionPeriodHours, 24)
  await seesNoDrift()
  await destroy()
  await assert.rejects(summary(), { name: 'ResourceNotFoundException' })
})
