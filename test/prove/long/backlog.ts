import { randomBytes } from 'node:crypto'
import type { Calls } from './calls.ts'
import { LAKE, makeDirect, RECORD_BYTES, settle } from './pipeline.ts'

const NAME = 'backlog'
const BATCH = 500
const WRITERS = 4
const DELIVERED_WITHIN_MS = 30 * 60_000

export interface Backlog {
  readonly records: number
  /** From when the bucket was there. */
  readonly seconds: number
  /** In words, what was lost or doubled. */
  readonly wrong: readonly string[]
}

/** What the log says of a backlog that is as it should be, until its bucket is there. */
export const IS_EXPECTED = /S3\.NoSuchBucket/

/** Puts records while their bucket is missing, makes it, and waits until all of them are in objects. */
export async function deliverBacklog(
  calls: Calls,
  bytes: number,
  say: (line: string) => void,
): Promise<Backlog> {
  await makeDirect(calls, NAME)
  const Data = randomBytes(RECORD_BYTES).toString('base64')
  const batch = { DeliveryStreamName: NAME, Records: Array.from({ length: BATCH }, () => ({ Data })) }
  const batches = Math.ceil(bytes / (BATCH * RECORD_BYTES))
  let begun = 0
  const write = async () => {
    while (begun++ < batches) {
      const { FailedPutCount } = await calls.call<{ FailedPutCount: number }>(
        'firehose',
        'PutRecordBatch',
        batch,
      )
      if (FailedPutCount > 0) throw new Error(`PutRecordBatch: ${FailedPutCount} failed`)
    }
  }
  await Promise.all(Array.from({ length: WRITERS }, write))
  say(`${batches * BATCH} records wait for their bucket`)
  const startedAt = performance.now()
  await calls.send('PUT', `/${LAKE}`)
  const records = batches * BATCH
  const wrong = await settle(calls, NAME, records, DELIVERED_WITHIN_MS)
  return { records, seconds: (performance.now() - startedAt) / 1_000, wrong }
}
