import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect as connectHttp2 } from 'node:http2'
import { connect as connectSocket } from 'node:net'
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
import { fetchSigned, isClosed } from '../client-access.ts'
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

/** What a client got with each read of its connection, as the names of frames. */
function framesIn(piece: Buffer): string[] {
  const names: string[] = []
  for (let at = 0; at < piece.length; at += piece.readUInt32BE(at)) {
    const { headers } = codec.decode(piece.subarray(at, at + piece.readUInt32BE(at)))
    names.push(String(headers[':event-type']!.value))
  }
  return names
}

const subscription = (ConsumerARN: string | undefined) => ({
  headers: {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': 'Kinesis_20131202.SubscribeToShard',
    'x-amz-date': '20260101T000000Z',
    authorization:
      'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/kinesis/aws4_request, SignedHeaders=host, Signature=0',
  },
  body: JSON.stringify({ ConsumerARN, ShardId, StartingPosition: { Type: 'TRIM_HORIZON' } }),
})

const whereUnsigned = { skip: isClosed && 'bytes are read unsigned: keys are verified in this run' }

test(
  'the initial response is read by itself before the first event, over HTTP/1.1',
  whereUnsigned,
  async (context) => {
    const { endpoint, ConsumerARN, put } = await withConsumer(context)
    for (const text of ['1', '2', '3']) await put(text)
    const { port, host } = new URL(endpoint)
    const socket = connectSocket(Number(port), '127.0.0.1')
    context.after(() => socket.destroy())
    const { headers, body } = subscription(ConsumerARN)
    const lines = Object.entries({ host, ...headers, 'content-length': body.length }).map((line) =>
      line.join(': '),
    )
    socket.write(['POST / HTTP/1.1', ...lines, '', body].join('\r\n'))
    const [first] = (await once(socket, 'data')) as [Buffer]
    const [second] = (await once(socket, 'data')) as [Buffer]
    const head = first.indexOf('\r\n\r\n')
    assert.match(first.toString('latin1', 0, head), /^HTTP\/1.1 200 OK\r\n.*x-accel-buffering: no/is)
    // A chunk of HTTP/1.1: its size in a line, its bytes, and an empty line.
    const chunk = (piece: Buffer) => piece.subarray(piece.indexOf('\r\n') + 2, -2)
    assert.deepEqual(framesIn(chunk(first.subarray(head + 4))), ['initial-response'])
    assert.deepEqual(framesIn(chunk(second)), ['SubscribeToShardEvent'])
  },
)

test(
  'the initial response is read by itself before the first event, over HTTP/2',
  whereUnsigned,
  async (context) => {
    const { endpoint, ConsumerARN, put } = await withConsumer(context)
    for (const text of ['1', '2', '3']) await put(text)
    const session = connectHttp2(endpoint)
    context.after(() => session.destroy())
    const { headers, body } = subscription(ConsumerARN)
    const request = session.request({ ':method': 'POST', ':path': '/', ...headers })
    request.end(body)
    // Whatever has come by the time that it is read is read at once, as readers do that are no events.
    const read = async () => {
      await once(request, 'readable')
      return framesIn(request.read())
    }
    const [answer] = (await once(request, 'response')) as [Record<string, string>]
    assert.equal(answer['x-accel-buffering'], 'no')
    assert.deepEqual(await read(), ['initial-response'])
    assert.deepEqual(await read(), ['SubscribeToShardEvent'])
    request.close()
  },
)
