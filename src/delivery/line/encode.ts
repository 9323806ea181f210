import type { LogStore } from '../../engine/ports/engine.ts'
import { decodeRecord } from '../../engine/ports/record.ts'
import { compressionOf } from '../compressions.ts'
import { errorLineOf } from '../dead-letters.ts'
import type { FormattedRecord } from '../formats/format.ts'
import { type Formats, formatOf } from '../formats/formats.ts'
import { type LineageWriter, sourcesOf } from '../lineage/lineage.ts'
import type { Manifest } from '../lineage/manifest.ts'
import { type Content, type LogRange, readRange } from '../reading/log-range.ts'
import type { Reading } from '../reading/reading.ts'
import type { Slots } from '../turns.ts'
import { createBuffer, createSeen } from './buffer.ts'
import type { RunTogether } from './run-together.ts'

/** The records that a manifest names are not in the log any more. */
export class RecordsGone extends Error {
  constructor(range: LogRange, found: number) {
    super(`${range.records - found} of ${range.records} records are gone from ${range.group}/${range.log}`)
    this.name = 'RecordsGone'
  }
}

export interface Encoding {
  readonly logs: LogStore
  readonly formats: Formats
  readonly manifest: Manifest
  readonly reading: Reading
  /** Is told which record lies where in the uncompressed object. */
  readonly lineage: LineageWriter
  readonly compressions: Slots
  /** Is told of every record's data where nothing is put between them. */
  readonly runTogether?: RunTogether | undefined
}

/**
 * The object's bytes, read again from the logs each time: the records in the manifest's format, then compressed. Throws
 * RecordsGone unless all are there that the manifest names: what an object holds is decided, and durable, before it is
 * put.
 */
export function encode(encoding: Encoding): AsyncIterable<Uint8Array> {
  const { manifest, compressions } = encoding
  const { compress } = compressionOf(manifest.compressionFormat)
  const body = formatted(encoding)
  return compress ? inSlot(compressions, compress(body, manifest.id)) : body
}

async function* formatted(encoding: Encoding): AsyncGenerator<Uint8Array> {
  const { formats, manifest, lineage, runTogether } = encoding
  lineage.restart()
  runTogether?.restart()
  const body = formatOf(formats, manifest.format).write(recordsOf(encoding), {
    ...(manifest.delimiter !== undefined && { delimiter: Buffer.from(manifest.delimiter, 'base64') }),
    wrote: lineage.add,
  })
  for await (const bytes of body) {
    await lineage.flush()
    yield bytes
  }
}

async function* recordsOf({
  logs,
  manifest,
  reading,
  runTogether,
}: Encoding): AsyncGenerator<FormattedRecord[]> {
  const seen = manifest.seen && createSeen(manifest.seen.before)
  for (const range of manifest.ranges) {
    let found = 0
    for await (const entries of readRange(logs, range)) {
      const records: FormattedRecord[] = []
      for (const { position, data } of entries) {
        const origin = reading.originOf(data, range, position)
        if (!origin || (seen && !seen.isNew(origin))) continue
        const parts = partsOf(manifest, reading, data)
        if (runTogether) for (const part of parts) runTogether.take(part)
        records.push({ origin, parts })
      }
      found += records.length
      yield records
    }
    if (found !== range.records) throw new RecordsGone(range, found)
  }
}

function partsOf({ givenUp }: Manifest, reading: Reading, entry: Uint8Array): readonly Uint8Array[] {
  const parts = reading.partsOf(entry)
  return givenUp ? parts.map((part) => errorLine(givenUp, entry, part)) : parts
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
  const { ranges, origins, records, bytes }: Content = buffer.content()
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
