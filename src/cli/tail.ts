import { pause } from '../clock/pause.ts'
import { UsageError } from '../config.ts'
import { CLIENT_SETTINGS, command } from './command.ts'
import { readStream } from './read-stream.ts'
import { type KinesisRecord, recordJson, recordLine } from './record-line.ts'

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
