/** One change of a folder, as recorder.c wrote it, or a note of the load's own. */
export type TraceEvent =
  | { readonly kind: 'file' | 'folder'; readonly inode: number; readonly path: string }
  /** `isDurable`: written through a descriptor with O_DSYNC or O_SYNC. */
  | {
      readonly kind: 'write'
      readonly inode: number
      readonly at: number
      readonly data: Buffer
      readonly isDurable: boolean
    }
  | { readonly kind: 'truncate'; readonly inode: number; readonly size: number }
  | { readonly kind: 'unlink'; readonly path: string }
  | { readonly kind: 'rename' | 'link'; readonly from: string; readonly to: string }
  | { readonly kind: 'sync-begin' | 'sync-end'; readonly inode: number; readonly sync: string }
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'unfollowed'; readonly what: string }

const HEAD_BYTES = 40
const DURABLE = 1

/** The events of a trace in their order; a torn last one is left out. */
export function* eventsOf(trace: Buffer): Generator<TraceEvent> {
  for (let at = 0; at + HEAD_BYTES <= trace.length; ) {
    const end = at + trace.readUInt32LE(at)
    if (end > trace.length) return
    yield eventOf(trace.subarray(at, end))
    at = end
  }
}

function eventOf(bytes: Buffer): TraceEvent {
  const kind = String.fromCharCode(bytes[4]!)
  const pathEnd = HEAD_BYTES + bytes.readUInt16LE(6)
  const dataAt = pathEnd + bytes.readUInt32LE(8)
  const path = bytes.toString('utf8', HEAD_BYTES, pathEnd)
  const other = bytes.toString('utf8', pathEnd, dataAt)
  const [inode, a] = [16, 24].map((field) => Number(bytes.readBigUInt64LE(field))) as [number, number]
  if (kind === 'C' || kind === 'D') return { kind: kind === 'C' ? 'file' : 'folder', inode, path }
  if (kind === 'W')
    return {
      kind: 'write',
      inode,
      at: a,
      data: bytes.subarray(dataAt),
      isDurable: (bytes[5]! & DURABLE) !== 0,
    }
  if (kind === 'T') return { kind: 'truncate', inode, size: a }
  if (kind === 'U' || kind === 'X') return { kind: 'unlink', path }
  if (kind === 'R' || kind === 'L') return { kind: kind === 'R' ? 'rename' : 'link', from: path, to: other }
  const sync = `${bytes.readUInt32LE(12)}/${a}`
  if (kind === 'B' || kind === 'E') return { kind: kind === 'B' ? 'sync-begin' : 'sync-end', inode, sync }
  if (kind === 'M') return { kind: 'note', text: bytes.toString('utf8', dataAt) }
  return { kind: 'unfollowed', what: `${path} ${other}` }
}

/** A note as an event: to be appended to the trace in one write. */
export function noteBytes(text: string): Buffer {
  const data = Buffer.from(text)
  const bytes = Buffer.alloc(HEAD_BYTES + data.length)
  bytes.writeUInt32LE(bytes.length, 0)
  bytes[4] = 'M'.charCodeAt(0)
  bytes.set(data, HEAD_BYTES)
  return bytes
}
