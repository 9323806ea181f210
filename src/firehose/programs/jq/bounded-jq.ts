import { createRequire } from 'node:module'
import type { Run, RunEnd } from '../run.ts'
import { boundedImports, type Host, type Imports, type Memory, Stopped } from './bounded-imports.ts'

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
