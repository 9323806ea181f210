import type { LogStore } from '../../engine/engine.ts'
import { decodeRecord } from '../../engine/record.ts'
import { compressionOf } from '../compressions/compressions.ts'
import { errorLineOf } from '../dead-letters.ts'
import { type LineageWriter, sourcesOf } from '../lineage/lineage.ts'
import type { Manifest } from '../lineage/manifest.ts'
import { readRange } from '../reading/range.ts'
import type { Reading } from '../reading/reading.ts'
import { createSeen, type Seen } from '../reading/seen.ts'
import type { Slots } from '../turns.ts'
import { type BufferContent, createBuffer, type LogRange } from './buffer.ts'

/** The records that a manifest names are not in the log any more. */
export class RecordsGone extends Error {
  constructor(range: LogRange, found: number) {
    super(`${range.records - found} of ${range.records} records are gone from ${range.group}/${range.log}`)
    this.name = 'RecordsGone'
  }
}

export interface Encoding {
  readonly logs: LogStore
  readonly manifest: Manifest
  readonly reading: Reading
  /** Is told which record lies where in the uncompressed object. */
  readonly lineage: LineageWriter
  readonly compressions: Slots
}

/**
 * The object's bytes, read again from the logs each time: the records one after another, as AWS does it without
 * a delimiter unless one was asked for, then compressed. Throws RecordsGone unless all are there that the manifest
 * names: what an object holds is decided, and durable, before it is put.
 */
export function encode(encoding: Encoding): AsyncIterable<Uint8Array> {
  const { manifest, compressions } = encoding
  const { compress } = compressionOf(manifest.compressionFormat)
  const body = concatenate(encoding)
  return compress ? inSlot(compressions, compress(body, manifest.id)) : body
}

async function* concatenate(encoding: Encoding): AsyncGenerator<Uint8Array> {
  const { logs, manifest, lineage } = encoding
  const seen = manifest.seen && createSeen(manifest.seen.before)
  lineage.restart()
  for (const range of manifest.ranges) {
    let found = 0
    for await (const entries of readRange(logs, range)) {
      const parts: Uint8Array[] = []
      for (const { position, data } of entries)
        if (append(encoding, range, position, data, seen, parts)) found++
      await lineage.flush()
      if (parts.length > 0) yield Buffer.concat(parts)
    }
    if (found !== range.records) throw new RecordsGone(range, found)
  }
}

/** Adds the bytes of one entry, and whether there were any for this object. */
function append(
  { manifest, reading, lineage }: Encoding,
  range: LogRange,
  position: number,
  entry: Uint8Array,
  seen: Seen | undefined,
  parts: Uint8Array[],
): boolean {
  const origin = reading.originOf(entry, range, position)
  if (!origin || (seen && !seen.isNew(origin))) return false
  const before = parts.length
  for (const part of reading.partsOf(entry)) {
    if (manifest.givenUp) parts.push(errorLine(manifest.givenUp, entry, part))
    else parts.push(part)
    if (manifest.delimiter !== undefined) parts.push(Buffer.from(manifest.delimiter, 'base64'))
  }
  let bytes = 0
  for (let index = before; index < parts.length; index++) bytes += parts[index]!.length
  lineage.add(origin, bytes)
  return true
}

const errorLine = (
  { code, message, attempts, at }: NonNullable<Manifest['givenUp']>,
  entry: Uint8Array,
  data: Uint8Array,
) =>
  errorLineOf({
    data,
    errorCode: code,
    errorMessage: message,
    attempts,
    arrivalTime: decodeRecord(entry).arrivalTime,
    endedAt: at,
  })

/** Compression shares the machine's threads with fsync: only so many at once. */
async function* inSlot(slots: Slots, body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const release = await slots.take()
  try {
    yield* body
  } finally {
    release()
  }
}

/** A sealed batch without the records that are not in the logs any more: the others are delivered all the same. */
export async function whatIsLeft(logs: LogStore, manifest: Manifest, reading: Reading): Promise<Manifest> {
  const { delimiter, seen } = manifest
  const delimiterBytes = delimiter === undefined ? 0 : Buffer.from(delimiter, 'base64').length
  const buffer = createBuffer({ reading, seen: seen?.before, delimiterBytes: () => delimiterBytes })
  for (const range of manifest.ranges)
    for await (const entries of readRange(logs, range)) buffer.take(range, entries, Number.POSITIVE_INFINITY)
  const { ranges, origins, records, bytes }: BufferContent = buffer.content()
  const rest = { ...manifest, ranges, ...(origins && { origins }), records, bytes }
  return { ...rest, gone: [...(manifest.gone ?? []), ...goneBetween(sourcesOf(manifest), sourcesOf(rest))] }
}

/** Of each source what it had before and has not now; where it lies among the former no one can tell any more. */
function goneBetween(before: readonly LogRange[], now: readonly LogRange[]): LogRange[] {
  return before.flatMap((range) => {
    const left = now.find(({ group, log }) => group === range.group && log === range.log)
    const records = range.records - (left?.records ?? 0)
    return records > 0 ? [{ ...range, records, bytes: range.bytes - (left?.bytes ?? 0) }] : []
  })
}
