import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  KinesisClient,
  PutRecordCommand,
  RegisterStreamConsumerCommand,
  SplitShardCommand,
  SubscribeToShardCommand,
  type SubscribeToShardEvent,
} from '@aws-sdk/client-kinesis'
import { cbor } from '@smithy/core/cbor'
import { EventStreamCodec } from '@smithy/eventstream-codec'
import { fetchSigned } from '../client-access.ts'
import { clientOf, startServer } from '../server.ts'

const StreamName = 'orders'
const ShardId = 'shardId-000000000000'

async function withConsumer(test: TestContext) {
  const server = await startServer(test)
  const client = clientOf(test, new KinesisClient({ ...server.clientConfig, maxAttempts: 1 }))
  await client.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }))
  const { StreamDescriptionSummary } = await client.send(new DescribeStreamSummaryCommand({ StreamName }))
  const StreamARN = StreamDescriptionSummary?.StreamARN
  const { Consumer } = await client.send(
    new RegisterStreamConsumerCommand({ StreamARN, ConsumerName: 'app' }),
  )
  const subscribe = async () => {
    const answer = await client.send(
      new SubscribeToShardCommand({
        ConsumerARN: Consumer?.ConsumerARN,
        ShardId,
        StartingPosition: { Type: 'TRIM_HORIZON' },
      }),
    )
    const events = answer.EventStream![Symbol.asyncIterator]()
    return async (): Promise<SubscribeToShardEvent | undefined> =>
      (await events.next()).value?.SubscribeToShardEvent
  }
  const put = (text: string) =>
    client.send(new PutRecordCommand({ StreamName, PartitionKey: 'a', Data: Buffer.from(text) }))
  return { ...server, client, ConsumerARN: Consumer?.ConsumerARN, subscribe, put }
}

const textsOf = (event: SubscribeToShardEvent | undefined) =>
  event?.Records?.map(({ Data }) => Buffer.from(Data!).toString())

test('the SDK subscribes over HTTP/2, gets records as they come, and the end with its children', async (context) => {
  const { client, subscribe, put } = await withConsumer(context)
  await put('1')
  const next = await subscribe()
  assert.deepEqual(textsOf(await next()), ['1'])
  const second = next()
  await put('2')
  assert.deepEqual(textsOf(await second), ['2'])
  const last = next()
  await client.send(
    new SplitShardCommand({ StreamName, ShardToSplit: ShardId, NewStartingHashKey: String(2n ** 127n) }),
  )
  assert.equal((await last)?.ChildShards?.length, 2)
  assert.equal(await next(), undefined)
})

test('the SDK sees that another subscription took over as an exception', async (context) => {
  const { subscribe, clock } = await withConsumer(context)
  const next = await subscribe()
  await next()
  await assert.rejects(subscribe(), { name: 'ResourceInUseException' })
  await clock.advance('5s')
  // Read to its end, for which the server waits when it closes.
  const other = await subscribe()
  const read = async () => {
    for (let event = await other(); event; event = await other());
  }
  void read()
  await assert.rejects(
    async () => {
      for (let event = await next(); event; event = await next());
    },
    { name: 'ResourceInUseException' },
  )
})

test('a server with subscriptions closes at once', async (context) => {
  const { subscribe, close } = await withConsumer(context)
  const next = await subscribe()
  await next()
  const end = next()
  const startedAt = performance.now()
  await close()
  assert.equal(await end, undefined)
  assert.ok(performance.now() - startedAt < 3_000)
})

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes as Uint8Array).toString(),
  (text) => Buffer.from(text),
)

test('over HTTP/1.1 and in CBOR the frames are the same, their payloads CBOR', async (context) => {
  const { endpoint, ConsumerARN, put } = await withConsumer(context)
  await put('1')
  const type = 'application/x-amz-cbor-1.1'
  const client = new AbortController()
  const asked = {
    method: 'POST',
    headers: {
      'content-type': type,
      'x-amz-target': 'Kinesis_20131202.SubscribeToShard',
      'x-amz-date': '20260101T000000Z',
      authorization:
        'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/kinesis/aws4_request, SignedHeaders=host, Signature=0',
    },
    body: Buffer.from(cbor.serialize({ ConsumerARN, ShardId, StartingPosition: { Type: 'TRIM_HORIZON' } })),
    signal: client.signal,
  }
  const response = await fetchSigned(endpoint, asked, 'kinesis')
  assert.equal(response.headers.get('content-type'), 'application/vnd.amazon.eventstream')
  let held = Buffer.alloc(0)
  const frames: [unknown, unknown, unknown][] = []
  for await (const chunk of response.body!) {
    held = Buffer.concat([held, chunk])
    while (held.length >= 4 && held.length >= held.readUInt32BE(0)) {
      const { headers, body } = codec.decode(held.subarray(0, held.readUInt32BE(0)))
      held = held.subarray(held.readUInt32BE(0))
      frames.push([headers[':event-type']?.value, headers[':content-type']?.value, cbor.deserialize(body)])
    }
    if (frames.length === 2) break
  }
  client.abort()
  assert.deepEqual(frames[0], ['initial-response', type, {}])
  const [name, contentType, event] = frames[1]!
  assert.deepEqual([name, contentType], ['SubscribeToShardEvent', type])
  const { Records, MillisBehindLatest } = event as {
    Records: { Data: Uint8Array }[]
    MillisBehindLatest: number
  }
  assert.deepEqual(Buffer.from(Records[0]!.Data).toString(), '1')
  assert.equal(MillisBehindLatest, 0)
})
