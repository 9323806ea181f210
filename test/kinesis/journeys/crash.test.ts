import assert from 'node:assert/strict'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import {
  CreateStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  PutRecordsCommand,
  StartStreamEncryptionCommand,
  UpdateShardCountCommand,
  waitUntilStreamExists,
} from '@aws-sdk/client-kinesis'
import { CLIENT_KEY } from '../../client-access.ts'
import { startProcess, temporaryFolder } from '../../process.ts'
import { clientOf } from '../../server.ts'

const StreamName = 'orders'

/** Everything that the shards hold, in the order in which it is read. */
async function recordsOf(client: KinesisClient): Promise<string[]> {
  const { Shards = [] } = await client.send(new ListShardsCommand({ StreamName }))
  const texts: string[] = []
  for (const { ShardId } of Shards) {
    const place = { ShardId, ShardIteratorType: 'TRIM_HORIZON' } as const
    const { ShardIterator } = await client.send(new GetShardIteratorCommand({ StreamName, ...place }))
    const { Records = [] } = await client.send(new GetRecordsCommand({ ShardIterator }))
    texts.push(...Records.map(({ Data }) => Buffer.from(Data!).toString()))
  }
  return texts
}

async function startOn(context: TestContext, folder: string) {
  const server = await startProcess(context, [
    '--port',
    '0',
    '--data',
    folder,
    '--log-level',
    'error',
    '--limits',
    'off',
  ])
  const client = clientOf(
    context,
    new KinesisClient({ endpoint: server.endpoint, region: 'us-east-1', credentials: CLIENT_KEY }),
  )
  const put = (from: number) =>
    client.send(
      new PutRecordsCommand({
        StreamName,
        Records: Array.from({ length: 20 }, (_, index) => ({
          PartitionKey: `key${index}`,
          Data: Buffer.from(String(from + index)),
        })),
      }),
    )
  return { server, client, put }
}

test('a server that is killed while a stream is scaled goes on with it, and has every encrypted record', async (context) => {
  const folder = join(temporaryFolder(context), 'data')
  const first = await startOn(context, folder)
  const wait = { maxWaitTime: 20, minDelay: 0.1, maxDelay: 0.2 }
  const isActive = (client: KinesisClient) => waitUntilStreamExists({ client, ...wait }, { StreamName })
  await first.client.send(new CreateStreamCommand({ StreamName, ShardCount: 2 }))
  await isActive(first.client)
  const encryption = { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' } as const
  await first.client.send(new StartStreamEncryptionCommand({ StreamName, ...encryption }))
  await first.put(0)
  await isActive(first.client)
  const scaling = { TargetShardCount: 3, ScalingType: 'UNIFORM_SCALING' } as const
  await first.client.send(new UpdateShardCountCommand({ StreamName, ...scaling }))
  await first.put(20)
  await first.server.kill()

  const second = await startOn(context, folder)
  await isActive(second.client)
  await second.put(40)
  const { Shards = [] } = await second.client.send(new ListShardsCommand({ StreamName }))
  const open = Shards.filter(({ SequenceNumberRange }) => !SequenceNumberRange?.EndingSequenceNumber)
  assert.equal(open.length, 3)
  const read = (await recordsOf(second.client)).map(Number)
  assert.deepEqual(
    read.toSorted((a, b) => a - b),
    [...Array(60).keys()],
  )
})
