import { isEngineError, type LogStore } from '../../engine/engine.ts'
import { decodeRecord } from '../../engine/record.ts'
import type { LogRange } from './buffer.ts'
import { compressionOf } from './compression/compression.ts'
import type { Manifest } from './manifest.ts'
import type { Slots } from './slots.ts'

const READ_LIMITS = { entries: 1000, bytes: 2 ** 20 }

/** The records that a manifest names are not in the log any more. */
export class RecordsGone extends Error {
  constructor(range: LogRange, found: number) {
    super(`${range.records - found} of ${range.records} records are gone from ${range.group}/${range.log}`)
    this.name = 'RecordsGone'
  }
}

/**
 * The object's bytes, read again from the logs each time: the records one after another, as AWS does it without
 * a delimiter, then compressed. Throws RecordsGone rather than giving a part of them.
 */
export function encode(
  logs: LogStore,
  { ranges, compressionFormat }: Pick<Manifest, 'ranges' | 'compressionFormat'>,
  compressions: Slots,
): AsyncIterable<Uint8Array> {
  const { compress } = compressionOf(compressionFormat)
  const body = concatenate(logs, ranges)
  return compress ? inSlot(compressions, compress(body)) : body
}

async function* concatenate(logs: LogStore, ranges: readonly LogRange[]): AsyncGenerator<Uint8Array> {
  for (const range of ranges) {
    let found = 0
    for (let from = range.from; from < range.to && found < range.records; ) {
      const { entries, next } = await read(logs, range, from)
      const own = entries.filter(({ position }) => position < range.to)
      if (own.length > 0) yield Buffer.concat(own.map(({ data }) => decodeRecord(data).data))
      found += own.length
      if (own.length === 0) break
      from = next
    }
    if (found !== range.records) throw new RecordsGone(range, found)
  }
}

async function read(logs: LogStore, range: LogRange, from: number) {
  try {
    return await logs.read(range, from, READ_LIMITS)
  } catch (error) {
    if (isEngineError(error, 'NoSuchGroup')) throw new RecordsGone(range, 0)
    throw error
  }
}

/** Compression shares the machine's threads with fsync: only so many at once. */
async function* inSlot(slots: Slots, body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const release = await slots.take()
  try {
    yield* body
  } finally {
    release()
  }
}
