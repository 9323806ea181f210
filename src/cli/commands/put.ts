import { createInterface } from 'node:readline'
import { pause } from '../../clock/machine-time.ts'
import { awsCall } from '../client.ts'
import { CLIENT_SETTINGS, CommandFailure, command } from '../command.ts'
import type { ServerAddress } from '../server-address.ts'
import { countText } from '../terminal-text.ts'

/** PutRecords takes up to 500 records; the bytes stay far below its limit for lines of text. */
const MOST_RECORDS = 500
const MOST_BYTES = 4 * 1024 * 1024
/** How long a throttled record is tried again. */
const RETRY_AFTER_MS = 250
const RETRIES = 40

interface Entry {
  readonly Data: string
  readonly PartitionKey: string
}
interface Result {
  readonly ShardId?: string
  readonly SequenceNumber?: string
  readonly ErrorCode?: string
  readonly ErrorMessage?: string
}

export const put = command({
  name: 'put',
  args: 'STREAM DATA…',
  doc: 'put records into a stream, one per argument; - reads one per line from standard input',
  settings: CLIENT_SETTINGS,
  flags: { 'partition-key': { value: 'KEY', doc: "every record's partition key; its own number if absent" } },
  async run({ server, flags, args: [stream = '', ...data], json, out }) {
    const lines = data.length === 1 && data[0] === '-' ? createInterface({ input: process.stdin }) : data
    let count = 0
    for await (const batch of batches(lines, flags['partition-key'])) {
      for (const { ShardId, SequenceNumber } of await putBatch(server, stream, batch))
        out(json ? JSON.stringify({ ShardId, SequenceNumber }) : `${ShardId} ${SequenceNumber}`)
      count += batch.length
    }
    if (!json && count !== 1) out(countText(count, 'record'))
    return undefined
  },
})

async function* batches(
  lines: Iterable<string> | AsyncIterable<string>,
  partitionKey: string | undefined,
): AsyncGenerator<Entry[]> {
  let [batch, bytes, number] = [[] as Entry[], 0, 0]
  for await (const line of lines) {
    const Data = Buffer.from(line).toString('base64')
    if (batch.length > 0 && (batch.length === MOST_RECORDS || bytes + Data.length > MOST_BYTES)) {
      yield batch
      ;[batch, bytes] = [[], 0]
    }
    batch.push({ Data, PartitionKey: partitionKey ?? String(number++) })
    bytes += Data.length
  }
  if (batch.length > 0) yield batch
}

/** Puts all of them; what AWS throttles is tried again. */
async function putBatch(server: ServerAddress, stream: string, batch: readonly Entry[]): Promise<Result[]> {
  const results: Result[] = []
  let left = batch.map((entry, index) => ({ entry, index }))
  for (let attempt = 0; left.length > 0; attempt++) {
    if (attempt > 0) await pause(RETRY_AFTER_MS)
    const { Records } = await awsCall<{ Records: Result[] }>(server, 'kinesis', 'PutRecords', {
      StreamName: stream,
      Records: left.map(({ entry }) => entry),
    })
    for (const [at, { index }] of left.entries()) results[index] = Records[at] ?? {}
    left = left.filter(({ index }) => results[index]?.ErrorCode)
    const failed = left[0] && results[left[0].index]
    if (failed && attempt === RETRIES) throw new CommandFailure(`${failed.ErrorCode}: ${failed.ErrorMessage}`)
  }
  return results
}
