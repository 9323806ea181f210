import { bytes, number, shape } from '../../engine/ports/checks.ts'
import { document } from '../../engine/ports/document.ts'
import type { Change, LogId, MetadataStore, Position } from '../../engine/ports/engine.ts'
import { type LogRange, logKeyOf, type Origin } from '../reading/log-range.ts'
import type { Manifest } from './manifest.ts'

/**
 * Which record lies where in an object: for each record, in the object's order, its source, its position and its
 * length, as varints in chunks. Kept as long as the object is remembered.
 */
interface Chunk {
  /** Of the chunk's first record, in the uncompressed object. */
  readonly offset: number
  readonly rows: Uint8Array
}

/** Where a record lies in an uncompressed object. */
export interface Extent {
  readonly offset: number
  readonly length: number
}

const LINEAGE = 'firehose/lineage/'
export const chunkDocument = document<Chunk>({
  keys: LINEAGE,
  version: 1,
  check: shape<Chunk>({ offset: number, rows: bytes }),
})

const CHUNK_BYTES = 48 * 1024
const ROW_BYTES = 32

const keyOf = (prefix: string, index: number) => `${prefix}${String(index).padStart(6, '0')}`
export const lineagePrefixOf = (jobId: string, manifestId: string) => `${LINEAGE}${jobId}/${manifestId}/`
export const allLineageOf = (jobId: string) => `${LINEAGE}${jobId}/`

/** The logs that an object's records came from, in a fixed order. */
export const sourcesOf = ({ origins, ranges }: Pick<Manifest, 'origins' | 'ranges'>): readonly LogRange[] =>
  origins ?? ranges

export function createLineage(metadata: MetadataStore, prefix: string, manifest: Manifest) {
  const sources = new Map(sourcesOf(manifest).map((range, index) => [logKeyOf(range), index]))
  let full: Chunk[] = []
  let chunks = 0
  let offset = 0
  let rows = createRows(0)
  let pending: { origin: Origin; bytes: number } | undefined

  function write(): void {
    if (!pending) return
    const { origin, bytes } = pending
    pending = undefined
    rows.add(sources.get(logKeyOf(origin))!, origin.position, bytes)
    offset += bytes
    if (!rows.isFull()) return
    full.push(rows.chunk())
    rows = createRows(offset)
  }
  const take = (found: readonly Chunk[]): Change[] =>
    found.map((value) => ({ put: keyOf(prefix, chunks++), value }))

  return {
    /** The object is written from its beginning, perhaps again. */
    restart(): void {
      full = []
      chunks = 0
      offset = 0
      rows = createRows(0)
      pending = undefined
    },
    add(origin: Origin, bytes: number): void {
      const isSame = pending && isSamePlace(pending.origin, origin)
      if (isSame) pending = { origin, bytes: pending!.bytes + bytes }
      else {
        write()
        pending = { origin, bytes }
      }
    },
    /** Keeps what is complete, so that no more than a chunk is held in memory. */
    async flush(): Promise<void> {
      if (full.length === 0) return
      const changes = take(full)
      full = []
      await metadata.commit(changes)
    },
    /** What is left: part of the commit that ends the delivery. */
    rest(): Change[] {
      write()
      return take([...full, rows.chunk()])
    },
  }
}

export type LineageWriter = ReturnType<typeof createLineage>

/** Where a record lies, or undefined when the object does not hold it. */
export async function findInLineage(
  metadata: MetadataStore,
  prefix: string,
  manifest: Pick<Manifest, 'origins' | 'ranges'>,
  place: LogId & { readonly position: Position },
): Promise<Extent | undefined> {
  const source = sourcesOf(manifest).findIndex((range) => logKeyOf(range) === logKeyOf(place))
  if (source < 0) return undefined
  for (let after: string | undefined; ; ) {
    const [document] = await chunkDocument.list(metadata, {
      prefix,
      limit: 1,
      ...(after !== undefined && { after }),
    })
    if (!document) return undefined
    const found = findInChunk(document.value, source, place.position)
    if (found) return found
    after = document.key
  }
}

function findInChunk({ offset, rows }: Chunk, source: number, position: Position): Extent | undefined {
  const last: number[] = []
  let at = 0
  let start = offset
  const varint = (): number => {
    let value = 0
    for (let scale = 1; at < rows.length; scale *= 128) {
      const byte = rows[at++]!
      value += (byte & 127) * scale
      if (byte < 128) break
    }
    return value
  }
  while (at < rows.length) {
    const rowSource = varint()
    last[rowSource] = (last[rowSource] ?? 0) + varint()
    const length = varint()
    if (rowSource === source && last[rowSource] === position) return { offset: start, length }
    start += length
  }
  return undefined
}

function createRows(offset: number) {
  const bytes = new Uint8Array(CHUNK_BYTES)
  const last: number[] = []
  let at = 0
  const varint = (value: number): void => {
    let rest = value
    for (; rest >= 128; rest = Math.floor(rest / 128)) bytes[at++] = (rest % 128) | 128
    bytes[at++] = rest
  }
  return {
    isFull: () => at + ROW_BYTES > CHUNK_BYTES,
    add(source: number, position: Position, length: number): void {
      varint(source)
      varint(position - (last[source] ?? 0))
      varint(length)
      last[source] = position
    },
    chunk: (): Chunk => ({ offset, rows: bytes.slice(0, at) }),
  }
}

const isSamePlace = (one: Origin, other: Origin) =>
  one.position === other.position && one.log === other.log && one.group === other.group
