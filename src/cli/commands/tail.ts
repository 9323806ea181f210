import { pause } from '../../clock/machine-time.ts'
import { userRecordsOf } from '../../kpl/aggregated-record.ts'
import { UsageError } from '../../server/config.ts'
import { AwsFailure, awsCall } from '../client.ts'
import { CLIENT_SETTINGS, command } from '../command.ts'
import type { ServerAddress } from '../server-address.ts'

/** AWS answers five reads a second from a shard. */
const POLL_MS = 250

export const tail = command({
  name: 'tail',
  args: 'STREAM',
  doc: 'print the records of a stream, one a line, and go on as they arrive',
  settings: CLIENT_SETTINGS,
  flags: {
    latest: { doc: 'only what arrives from now on' },
    'no-follow': { doc: 'end when all that is there was printed' },
    limit: { value: 'N', doc: 'end after this many records' },
    raw: { doc: 'print what the KPL has put together as the one record that it is, not those inside' },
  },
  async run({ server, flags, args: [stream = ''], json, out }) {
    let left = limitOf(flags.limit)
    const print = (shardId: string, record: KinesisRecord) => {
      for (const one of flags.raw ? [record] : userRecordsIn(record)) {
        if (left <= 0) return
        left -= 1
        out(json ? recordJson(shardId, one) : recordLine(one))
      }
    }
    const reader = await readStream(server, stream, flags.latest ? 'LATEST' : 'TRIM_HORIZON')
    while (left > 0) {
      const { records, isAtTip } = await reader.next()
      for (const { shardId, record } of records) print(shardId, record)
      if (isAtTip && (flags['no-follow'] || reader.isClosed())) return undefined
      if (records.length === 0 && left > 0) await pause(POLL_MS)
    }
    return undefined
  },
})

function limitOf(text: string | undefined): number {
  if (text === undefined) return Number.POSITIVE_INFINITY
  if (!/^\d+$/.test(text)) throw new UsageError(`--limit cannot be '${text}': it takes N`)
  return Number(text)
}

/** Those that the KPL has put together in it; most often itself. */
function userRecordsIn(record: KinesisRecord): readonly KinesisRecord[] {
  const users = userRecordsOf(Buffer.from(record.Data, 'base64'))
  if (!users) return [record]
  return users.map(({ partitionKey, data }, subSequenceNumber) => ({
    ...record,
    ...{ subSequenceNumber, PartitionKey: partitionKey },
    Data: Buffer.from(data.buffer, data.byteOffset, data.length).toString('base64'),
  }))
}

/** The data as one line of text: line breaks in it are shown as `\n`, bytes that are no text as base64. */
export function recordLine({ Data }: Pick<KinesisRecord, 'Data'>): string {
  const text = textOf(Data)
  if (text === undefined) return `base64:${Data}`
  return text
    .replace(/\r?\n$/, '')
    .replaceAll('\r', '\\r')
    .replaceAll('\n', '\\n')
}

export function recordJson(shardId: string, record: KinesisRecord): string {
  const { Data, PartitionKey, SequenceNumber, subSequenceNumber, ApproximateArrivalTimestamp } = record
  const text = textOf(Data)
  return JSON.stringify({
    shardId,
    sequenceNumber: SequenceNumber,
    ...(subSequenceNumber !== undefined && { subSequenceNumber }),
    partitionKey: PartitionKey,
    arrivedAt: new Date(ApproximateArrivalTimestamp * 1000).toISOString(),
    ...(text === undefined ? { base64: Data } : { data: text }),
  })
}

function textOf(base64: string): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(base64, 'base64'))
  } catch {
    return undefined
  }
}

/** A record as GetRecords answers it in JSON. */
interface KinesisRecord {
  readonly Data: string
  readonly PartitionKey: string
  readonly SequenceNumber: string
  /** Not AWS's: of one that was put together with others. */
  readonly subSequenceNumber?: number
  /** Seconds since 1970. */
  readonly ApproximateArrivalTimestamp: number
}

interface ShardList {
  readonly Shards: readonly { readonly ShardId: string }[]
  readonly NextToken?: string
}
interface Answer {
  readonly Records: readonly KinesisRecord[]
  /** Absent when the shard was closed and all of it was read. */
  readonly NextShardIterator?: string
  readonly MillisBehindLatest: number
  readonly ChildShards?: readonly { readonly ShardId: string }[]
}
type From = 'TRIM_HORIZON' | 'LATEST'

/** Reads all shards of a stream in turn, and those that they are split or merged into. */
async function readStream(server: ServerAddress, StreamName: string, from: From) {
  const call = <T>(operation: string, input: object) => awsCall<T>(server, 'kinesis', operation, input)
  const iterators = new Map<string, string>()
  const known = new Set<string>()
  const open = async (ShardId: string, ShardIteratorType: From) => {
    if (known.has(ShardId)) return
    known.add(ShardId)
    const input = { StreamName, ShardId, ShardIteratorType }
    const { ShardIterator } = await call<{ ShardIterator: string }>('GetShardIterator', input)
    iterators.set(ShardId, ShardIterator)
  }
  for (let page: object | undefined = { StreamName }; page; ) {
    const { Shards, NextToken }: ShardList = await call<ShardList>('ListShards', page)
    for (const { ShardId } of Shards) await open(ShardId, from)
    page = NextToken ? { NextToken } : undefined
  }
  const read = async (ShardIterator: string): Promise<Answer | undefined> => {
    try {
      return await call<Answer>('GetRecords', { ShardIterator })
    } catch (error) {
      if (error instanceof AwsFailure && error.code === 'ProvisionedThroughputExceededException')
        return undefined
      throw error
    }
  }

  return {
    /** Whether there is no open shard left to wait for. */
    isClosed: () => iterators.size === 0,
    /** What each shard has next, without waiting; `isAtTip` when nothing is left behind the newest record. */
    async next() {
      const records: { shardId: string; record: KinesisRecord }[] = []
      let isAtTip = true
      for (const [shardId, iterator] of [...iterators]) {
        const answer = await read(iterator)
        if (!answer || answer.MillisBehindLatest > 0) isAtTip = false
        if (!answer) continue
        for (const record of answer.Records) records.push({ shardId, record })
        if (answer.NextShardIterator) iterators.set(shardId, answer.NextShardIterator)
        else iterators.delete(shardId)
        for (const { ShardId } of answer.ChildShards ?? []) {
          isAtTip = false
          await open(ShardId, 'TRIM_HORIZON')
        }
      }
      return { records, isAtTip }
    },
  }
}
