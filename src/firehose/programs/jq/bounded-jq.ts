import { createRequire } from 'node:module'
import type { Run, RunEnd } from '../programs.ts'

/** The little of WebAssembly that is needed here; Node's types leave it to the browser's. */
declare const WebAssembly: {
  instantiate(code: object, imports: Imports): Promise<Instance | { readonly instance: Instance }>
}
interface Instance {
  readonly exports: { readonly memory: Memory }
}

type RunJq = (input: Uint8Array, program: string, flags: string[]) => void

/** jq's exit code for what it cannot compile. */
const UNCOMPILABLE = 3
/** Of what jq says; programs write there too. */
const MAX_COMPLAINT_BYTES = 2 ** 14
/** A heap never becomes smaller again: one that has grown by more is not used for another run. */
const MAX_GROWTH_BYTES = 16 * 2 ** 20
const NO_HOST: Host = {
  ...{ now: 0, mostBytes: Number.POSITIVE_INFINITY },
  write: () => undefined,
  complain: () => undefined,
}

/**
 * jq in this thread, in bounds. The package takes no imports from outside, so the thread's own
 * WebAssembly.instantiate is changed for good: for a thread that does nothing else.
 */
export async function openBoundedJq(wasm: object) {
  let host = NO_HOST
  let memory: Memory | undefined
  const { instantiate } = WebAssembly
  WebAssembly.instantiate = async (_code, imports) => {
    const bounded = boundedImports(
      imports,
      () => memory!,
      () => host,
    )
    const instance = (await instantiate(wasm, bounded)) as Instance
    memory = instance.exports.memory
    return { instance }
  }
  // The package has no types.
  const { raw } = await (createRequire(import.meta.url)('jq-web') as Promise<{ raw: RunJq }>)
  const heapBytes = () => memory!.buffer.byteLength
  const idleBytes = heapBytes()

  return {
    /** `input` is JSON; what jq writes goes to `write`. */
    run({ program, now, memoryBytes }: Run, input: Uint8Array, write: Host['write']): RunEnd {
      const complaints: Uint8Array[] = []
      let complaintBytes = 0
      host = {
        now,
        write,
        mostBytes: heapBytes() + memoryBytes,
        complain(piece) {
          if (complaintBytes >= MAX_COMPLAINT_BYTES) return undefined
          complaints.push(piece)
          complaintBytes += piece.length
          return undefined
        },
      }
      let end: Pick<RunEnd, 'kind'> = { kind: 'done' }
      let thrown: unknown
      try {
        raw(input, program, ['-c', '--unbuffered'])
      } catch (error) {
        thrown = error
        end = { kind: kindOf(error) }
      }
      const isBroken = end.kind !== 'done' && end.kind !== 'uncompilable' && end.kind !== 'failed'
      return {
        ...end,
        reason: Buffer.concat(complaints).toString() || String(thrown ?? ''),
        isWorn: isBroken || heapBytes() > idleBytes + MAX_GROWTH_BYTES,
      }
    },
  }
}

function kindOf(error: unknown): RunEnd['kind'] {
  if (error instanceof Stopped) return error.kind
  const { exitCode } = error as { exitCode?: number }
  if (exitCode === undefined) return 'crashed'
  return exitCode === UNCOMPILABLE ? 'uncompilable' : 'failed'
}

/** What jq asks of whoever runs it, by module and name. */
type Imports = Readonly<Record<string, Readonly<Record<string, Import>>>>
type Import = (...args: never[]) => unknown

interface Memory {
  readonly buffer: ArrayBuffer
}

/** What one run of jq may do, and where it writes. */
interface Host extends Pick<Run, 'now'> {
  /** The heap's size that it must not exceed. */
  readonly mostBytes: number
  /** Takes what jq writes to stdout, or says why no more can be taken. */
  readonly write: (piece: Uint8Array) => RunEnd['kind'] | undefined
  readonly complain: (piece: Uint8Array) => void
}

/** What ends a run from within. */
class Stopped extends Error {
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
function boundedImports(
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
