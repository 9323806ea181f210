import { randomBytes } from 'node:crypto'
import { connect, KINESIS, repeat, type Signature } from '../call.ts'
import type { Row } from '../row.ts'
import type { Target } from '../target.ts'

const STREAM = 'bench'
const SHARDS = 16
const Data = randomBytes(1_024).toString('base64')
const putRecordBody = (key: number) => JSON.stringify({ StreamName: STREAM, PartitionKey: String(key), Data })
const putRecordsBody = JSON.stringify({
  StreamName: STREAM,
  Records: Array.from({ length: 500 }, (_, key) => ({ PartitionKey: String(key), Data })),
})
const ALL = ['bare node:http', 'kinesalite', 'standpipe']

async function createStream(target: Target, signature?: Signature): Promise<void> {
  if (target.name === 'bare node:http') return
  const connections = connect(target.endpoint, 1, signature)
  const body = JSON.stringify({ StreamName: STREAM, ShardCount: SHARDS })
  await connections.call(KINESIS('CreateStream'), body)
  const isActive = async () =>
    (
      await connections.call(KINESIS('DescribeStreamSummary'), JSON.stringify({ StreamName: STREAM }))
    ).includes('"ACTIVE"')
  while (!(await isActive())) await new Promise((resolve) => setTimeout(resolve, 50))
  connections.close()
}

const calls = async (
  target: Target,
  operation: string,
  total: number,
  concurrency: number,
  body: (index: number) => string,
  signature?: Signature,
) => {
  const connections = connect(target.endpoint, concurrency, signature)
  await repeat(total, concurrency, (index) => connections.call(KINESIS(operation), body(index)))
  connections.close()
}

export const putRecord: Row = {
  name: 'PutRecord, 1 KiB, 64 writers',
  unit: 'records',
  targets: ALL,
  prepare: (target) => createStream(target),
  async run(target) {
    await calls(target, 'PutRecord', 5_000, 64, putRecordBody)
    return 5_000
  },
}

export const putRecords: Row = {
  name: 'PutRecords, 500 × 1 KiB, 4 writers',
  unit: 'records',
  targets: ALL,
  prepare: (target) => createStream(target),
  async run(target) {
    await calls(target, 'PutRecords', 40, 4, () => putRecordsBody)
    return 20_000
  },
}

/** Both are sent what is signed; one verifies it. */
const OPEN_AND_CLOSED = ['standpipe', 'standpipe closed']

export const putRecordSigned: Row = {
  ...putRecord,
  name: 'PutRecord, 1 KiB, 64 writers, signed',
  targets: OPEN_AND_CLOSED,
  prepare: (target) => createStream(target, 'real'),
  async run(target) {
    await calls(target, 'PutRecord', 5_000, 64, putRecordBody, 'real')
    return 5_000
  },
}

export const putRecordsSigned: Row = {
  ...putRecords,
  name: 'PutRecords, 500 × 1 KiB, 4 writers, signed',
  targets: OPEN_AND_CLOSED,
  prepare: (target) => createStream(target, 'real'),
  async run(target) {
    await calls(target, 'PutRecords', 40, 4, () => putRecordsBody, 'real')
    return 20_000
  },
}

export const getRecords: Row = {
  name: 'GetRecords, 1,000 × 1 KiB, 4 readers',
  unit: 'records',
  targets: ['kinesalite', 'standpipe'],
  async prepare(target) {
    await createStream(target)
    await calls(target, 'PutRecords', 80, 4, () => putRecordsBody)
  },
  async run(target) {
    const connections = connect(target.endpoint, 4)
    let records = 0
    await repeat(SHARDS, 4, async (shard) => {
      const ShardId = `shardId-${String(shard).padStart(12, '0')}`
      const request = JSON.stringify({ StreamName: STREAM, ShardId, ShardIteratorType: 'TRIM_HORIZON' })
      const { ShardIterator } = JSON.parse(await connections.call(KINESIS('GetShardIterator'), request))
      const answer = await connections.call(
        KINESIS('GetRecords'),
        JSON.stringify({ ShardIterator, Limit: 1_000 }),
      )
      records += answer.split('"SequenceNumber"').length - 1
    })
    connections.close()
    return records
  },
}
