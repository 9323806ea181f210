import { pause } from '../../clock/pause.ts'
import { UsageError } from '../../server/config.ts'
import { type KinesisRecord, readStream } from '../client/read-stream.ts'
import { CLIENT_SETTINGS, command } from '../command.ts'

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
  },
  async run({ settings, flags, args: [stream = ''], json, out }) {
    let left = limitOf(flags.limit)
    const print = (shardId: string, record: KinesisRecord) => {
      if (left <= 0) return
      left -= 1
      out(json ? recordJson(shardId, record) : recordLine(record))
    }
    const reader = await readStream(settings, stream, flags.latest ? 'LATEST' : 'TRIM_HORIZON')
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
  const { Data, PartitionKey, SequenceNumber, ApproximateArrivalTimestamp } = record
  const text = textOf(Data)
  return JSON.stringify({
    shardId,
    sequenceNumber: SequenceNumber,
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
