import type { LogId, Position } from '../../engine/engine.ts'
import { dataBytesOf, decodeRecord } from '../../engine/record.ts'
import type { Outlet } from '../progress/outlet.ts'
import { deAggregate, looksAggregated } from './kpl.ts'
import { originOf } from './staged-record.ts'

/** Where a record came from: its place in the source's log, and which of that record's parts it is. */
export interface Origin extends LogId {
  readonly position: Position
  readonly part: number
}

/** What one entry of an outlet's log gives to its object. */
export interface Reading {
  /** Undefined: it is not for this outlet. */
  originOf(entry: Uint8Array, own: LogId, position: Position): Origin | undefined
  /** Of data, before delimiters and compression. */
  bytesOf(entry: Uint8Array): number
  partsOf(entry: Uint8Array): readonly Uint8Array[]
}

/** The source's records themselves. */
const direct = (isDeAggregated: boolean): Reading => ({
  originOf: (_entry, { group, log }, position) => ({ group, log, position, part: 0 }),
  bytesOf(entry) {
    const bytes = dataBytesOf(entry)
    if (!isDeAggregated || !looksAggregated(entry.subarray(entry.length - bytes))) return bytes
    return partsOf(entry, true).reduce((sum, { length }) => sum + length, 0)
  },
  partsOf: (entry) => partsOf(entry, isDeAggregated),
})

const partsOf = (entry: Uint8Array, isDeAggregated: boolean): readonly Uint8Array[] => {
  const { data } = decodeRecord(entry)
  return isDeAggregated ? deAggregate(data) : [data]
}

/** What a stage put into an outlet's log. */
const staged = (partitionId: string): Reading => ({
  originOf: (entry) => originOf(entry, partitionId),
  bytesOf: dataBytesOf,
  partsOf: (entry) => [decodeRecord(entry).data],
})

export const readingOf = ({ log, partition }: Outlet, isDeAggregated: boolean): Reading =>
  log ? staged(partition?.id ?? '') : direct(isDeAggregated)
