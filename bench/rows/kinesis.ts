import { randomBytes } from 'node:crypto'
import { connect, KINESIS, type Signature } from '../calls/call.ts'
import { pour } from '../calls/pour.ts'
import { preparedRequest } from '../calls/prepared.ts'
import type { Row } from '../row.ts'
import type { Target } from '../target.ts'

const STREAM = 'bench'
const SHARDS = 16
const WRITERS = 64
const PER_REQUEST = 500
const Data = randomBytes(1_024).toString('base64')
const putRecordBody = (key: number) => JSON.stringify({ StreamName: STREAM, PartitionKey: String(key), Data })
const putRecordBodies = Array.from({ length: 1_000 }, (_, key) => putRecordBody(key))
const putRecordsBody = JSON.stringify({
  StreamName: STREAM,
  Records: Array.from({ length: PER_REQUEST }, (_, key) => ({ PartitionKey: String(key), Data })),
})
const BARE = ['bare node:http', 'bare parsing']
const ALL = [...BARE, 'kinesalite', 'kinesalite in memory', 'standpipe']

async function createStream(target: Target, signature?: Signature): Promise<void> {
  if (BARE.includes(target.name)) return
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

interface Putting {
  readonly operation: 'PutRecord' | 'PutRecords'
  readonly bodies: readonly string[]
  readonly recordsEach: number
  readonly total: number
  readonly connections: number
}

/** Rounds of the same requests, which are made, and signed, beforehand. */
const putting =
  (what: Putting, signature?: Signature): Row['prepare'] =>
  async (target) => {
    const { operation, bodies, recordsEach, total, connections } = what
    await createStream(target, signature)
    const requests = bodies.map((body) =>
      preparedRequest(target.endpoint, KINESIS(operation), body, signature),
    )
    return async () => {
      await pour(target.endpoint, requests, { total, connections })
      return total * recordsEach
    }
  }

const singly: Putting = {
  ...{ operation: 'PutRecord', bodies: putRecordBodies, recordsEach: 1 },
  ...{ total: 5_000, connections: WRITERS },
}
const together: Putting = {
  ...{ operation: 'PutRecords', bodies: [putRecordsBody], recordsEach: PER_REQUEST },
  ...{ total: 40, connections: 4 },
}

export const putRecord: Row = {
  name: 'PutRecord, 1 KiB, 64 writers',
  unit: 'records',
  targets: ALL,
  prepare: putting(singly),
}

export const putRecords: Row = {
  name: 'PutRecords, 500 × 1 KiB, 4 writers',
  unit: 'records',
  targets: ALL,
  prepare: putting(together),
}

/** Both are sent what is signed; one verifies it. */
const OPEN_AND_CLOSED = ['standpipe', 'standpipe closed']

export const putRecordSigned: Row = {
  ...putRecord,
  name: 'PutRecord, 1 KiB, 64 writers, signed',
  targets: OPEN_AND_CLOSED,
  prepare: putting(singly, 'real'),
}

export const putRecordsSigned: Row = {
  ...putRecords,
  name: 'PutRecords, 500 × 1 KiB, 4 writers, signed',
  targets: OPEN_AND_CLOSED,
  prepare: putting(together, 'real'),
}

const LIMIT = 1_000
/** Of each shard's records in a round. */
const READS = 4

export const getRecords: Row = {
  name: 'GetRecords, 1,000 × 1 KiB, 4 readers',
  unit: 'records',
  targets: ['kinesalite', 'kinesalite in memory', 'standpipe'],
  async prepare(target) {
    await putting({ ...together, total: 80 })(target).then((put) => put())
    for (const iterator of await iteratorsOf(target)) await checkAnswer(target, iterator)
    return async () => {
      const requests = (await iteratorsOf(target)).map((iterator) =>
        preparedRequest(target.endpoint, KINESIS('GetRecords'), getRecordsBody(iterator)),
      )
      const total = requests.length * READS
      await pour(target.endpoint, requests, { total, connections: 4 })
      return total * LIMIT
    }
  },
}

const getRecordsBody = (ShardIterator: string) => JSON.stringify({ ShardIterator, Limit: LIMIT })

/** One for each shard; they last five minutes. */
async function iteratorsOf({ endpoint }: Target): Promise<string[]> {
  const connections = connect(endpoint, 4)
  const iterators = Array.from({ length: SHARDS }, async (_, shard) => {
    const ShardId = `shardId-${String(shard).padStart(12, '0')}`
    const request = JSON.stringify({ StreamName: STREAM, ShardId, ShardIteratorType: 'TRIM_HORIZON' })
    return JSON.parse(await connections.call(KINESIS('GetShardIterator'), request)).ShardIterator as string
  })
  const all = await Promise.all(iterators)
  connections.close()
  return all
}

/** Rounds only count bytes: what is counted as so many records has to be that. */
async function checkAnswer({ endpoint, name }: Target, iterator: string): Promise<void> {
  const connections = connect(endpoint, 1)
  const { Records } = JSON.parse(await connections.call(KINESIS('GetRecords'), getRecordsBody(iterator)))
  connections.close()
  if (Records.length !== LIMIT) throw new Error(`${name} gave ${Records.length} records`)
}
