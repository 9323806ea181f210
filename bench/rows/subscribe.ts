import { once } from 'node:events'
import { request } from 'node:http'
import { AUTHORIZATION, connect, KINESIS } from '../calls/call.ts'
import type { Row } from '../row.ts'
import type { Target } from '../target.ts'

const STREAM = 'latency'
/** One for each round: for five seconds nobody else may have a consumer's subscription. */
const CONSUMERS = Array.from({ length: 10 }, (_, index) => `bench-${index}`)
const ROUND_TRIPS = 300
const Data = Buffer.alloc(1_024, 'x').toString('base64')

let rounds = 0

/** From PutRecord to its event, one record at a time: the time of one is 1 / rate. */
export const subscribe: Row = {
  name: 'PutRecord to SubscribeToShard event, 1 KiB, one at a time',
  unit: 'round trips',
  targets: ['standpipe'],
  async prepare(target) {
    const connections = connect(target.endpoint, 1)
    const call = async (operation: string, input: object) =>
      JSON.parse((await connections.call(KINESIS(operation), JSON.stringify(input))) || '{}')
    await call('CreateStream', { StreamName: STREAM, ShardCount: 1 })
    const summary = async () =>
      (await call('DescribeStreamSummary', { StreamName: STREAM })).StreamDescriptionSummary
    while ((await summary()).StreamStatus !== 'ACTIVE') await pause()
    const { StreamARN } = await summary()
    for (const ConsumerName of CONSUMERS) await call('RegisterStreamConsumer', { StreamARN, ConsumerName })
    const last = { StreamARN, ConsumerName: CONSUMERS.at(-1) }
    const status = async () => (await call('DescribeStreamConsumer', last)).ConsumerDescription.ConsumerStatus
    while ((await status()) !== 'ACTIVE') await pause()
    connections.close()
    return () => roundTrips(target)
  },
}

async function roundTrips(target: Target): Promise<number> {
  const connections = connect(target.endpoint, 1)
  const { StreamDescriptionSummary } = JSON.parse(
    await connections.call(KINESIS('DescribeStreamSummary'), JSON.stringify({ StreamName: STREAM })),
  )
  const { ConsumerDescription } = JSON.parse(
    await connections.call(
      KINESIS('DescribeStreamConsumer'),
      JSON.stringify({ StreamARN: StreamDescriptionSummary.StreamARN, ConsumerName: CONSUMERS[rounds++] }),
    ),
  )
  const events = await openSubscription(target, ConsumerDescription.ConsumerARN)
  for (let count = 0; count < ROUND_TRIPS; count++) {
    const arrived = events.next()
    const body = JSON.stringify({ StreamName: STREAM, PartitionKey: 'a', Data })
    await connections.call(KINESIS('PutRecord'), body)
    await arrived
  }
  events.close()
  connections.close()
  return ROUND_TRIPS
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 50))

interface Subscription {
  /** Resolves when the next event is there; to be called before what causes it. */
  next(): Promise<void>
  close(): void
}

/** Resolves when the first event is there, so that the subscription stands. */
async function openSubscription({ endpoint }: Target, ConsumerARN: string): Promise<Subscription> {
  const body = JSON.stringify({
    ConsumerARN,
    ShardId: 'shardId-000000000000',
    StartingPosition: { Type: 'LATEST' },
  })
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    'content-length': Buffer.byteLength(body),
    'x-amz-target': KINESIS('SubscribeToShard'),
    'x-amz-date': '20260101T000000Z',
    authorization: AUTHORIZATION,
  }
  const sent = request(endpoint, { method: 'POST', headers }).end(body)
  const [response] = await once(sent, 'response')
  if (response.statusCode !== 200) throw new Error(`SubscribeToShard: ${response.statusCode}`)
  let arrive: () => void = () => undefined
  const next = () =>
    new Promise<void>((resolve) => {
      arrive = resolve
    })
  response.on('error', () => undefined)
  response.on('data', (chunk: Buffer) => {
    if (chunk.includes('SubscribeToShardEvent')) arrive()
  })
  await next()
  return {
    next,
    close: () => void sent.destroy(),
  }
}
