import type { Run, RunEnd } from '../run.ts'

/** What jq asks of whoever runs it, by module and name. */
export type Imports = Readonly<Record<string, Readonly<Record<string, Import>>>>
type Import = (...args: never[]) => unknown

export interface Memory {
  readonly buffer: ArrayBuffer
}

/** What one run of jq may do, and where it writes. */
export interface Host extends Pick<Run, 'now'> {
  /** The heap's size that it must not exceed. */
  readonly mostBytes: number
  /** Takes what jq writes to stdout, or says why no more can be taken. */
  readonly write: (piece: Uint8Array) => RunEnd['kind'] | undefined
  readonly complain: (piece: Uint8Array) => void
}

/** What ends a run from within. */
export class Stopped extends Error {
  readonly kind: RunEnd['kind']
  constructor(kind: RunEnd['kind']) {
    super(kind)
    this.kind = kind
  }
}

/** Where C keeps whether it is summer, and how far from UTC it is, in its time by parts. */
const [IS_DST, OFFSET] = [32, 36]

/**
 * Emscripten's imports with those replaced by which a program reaches its surroundings: it gets no more memory than
 * it may have, writes into bounds, and knows neither the machine's time nor its time zone.
 */
export function boundedImports(
  { env = {}, wasi_snapshot_preview1: wasi = {}, ...others }: Imports,
  memory: () => Memory,
  host: () => Host,
): Imports {
  const view = () => new DataView(memory().buffer)
  /** Each copied: jq goes on writing to the same place. */
  function piecesAt(vectors: number, count: number): Uint8Array[] {
    const bytes = new Uint8Array(memory().buffer)
    return Array.from({ length: count }, (_, index) => {
      const at = vectors + 8 * index
      const start = view().getUint32(at, true)
      return bytes.slice(start, start + view().getUint32(at + 4, true))
    })
  }
  const own = {
    fd_write(fd: number, vectors: number, count: number, written: number): number {
      const pieces = piecesAt(vectors, count)
      for (const piece of pieces) {
        const refusal = fd === 1 ? host().write(piece) : host().complain(piece)
        if (refusal) throw new Stopped(refusal)
      }
      view().setUint32(
        written,
        pieces.reduce((sum, { length }) => sum + length, 0),
        true,
      )
      return 0
    },
    emscripten_resize_heap(bytes: number): unknown {
      if (bytes >>> 0 > host().mostBytes) throw new Stopped('memory')
      return (env.emscripten_resize_heap as (bytes: number) => unknown)(bytes)
    },
    emscripten_date_now: () => host().now,
    _localtime_js(seconds: bigint, parts: number): void {
      ;(env._gmtime_js as (seconds: bigint, parts: number) => void)(seconds, parts)
      view().setInt32(parts + IS_DST, 0, true)
      view().setInt32(parts + OFFSET, 0, true)
    },
    _tzset_js(offset: number, hasSummer: number, ...names: [number, number]): void {
      view().setInt32(offset, 0, true)
      view().setInt32(hasSummer, 0, true)
      for (const at of names) new Uint8Array(memory().buffer).set(Buffer.from('UTC\0'), at)
    },
  } satisfies Record<string, Import>
  return {
    ...others,
    env: { ...env, ...own },
    wasi_snapshot_preview1: { ...wasi, ...own },
  }
}
