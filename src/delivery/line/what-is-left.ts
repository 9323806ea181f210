import type { LogStore } from '../../engine/engine.ts'
import { sourcesOf } from '../lineage/lineage.ts'
import type { Manifest } from '../lineage/manifest.ts'
import { readRange } from '../reading/range.ts'
import type { Reading } from '../reading/reading.ts'
import { type BufferContent, createBuffer, type LogRange } from './buffer.ts'

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
