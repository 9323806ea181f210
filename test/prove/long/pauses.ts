import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

/** An answer that was waited for long. */
export interface Pause {
  /** Since 1970. */
  readonly fromMs: number
  readonly ms: number
}

export interface Pauses {
  /** Of the server. */
  readonly all: readonly Pause[]
  /** Those of them in which a server that does nothing answered at once. */
  readonly own: readonly Pause[]
}

/** Looks for times in which the server answers nobody, beside a server that does nothing: the machine pauses, too. */
export async function watchPauses(endpoint: string, atLeastMs: number): Promise<() => Promise<Pauses>> {
  const bare = spawn(process.execPath, [new URL('./bare-server.ts', import.meta.url).pathname], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [address] = (await once(bare.stdout, 'data')) as [Buffer]
  const ping = (origin: string, path: string, least: number) =>
    new Worker(new URL('./pinger.ts', import.meta.url), { workerData: { origin, path, atLeastMs: least } })
  const pingers = [
    ping(endpoint, '/_standpipe/ready', atLeastMs),
    ping(String(address).trim(), '/', atLeastMs / 2),
  ]
  return async () => {
    const [all = [], machine = []] = await Promise.all(
      pingers.map(async (pinger) => {
        pinger.postMessage('stop')
        const [pauses] = (await once(pinger, 'message')) as [Pause[]]
        return pauses
      }),
    )
    bare.kill('SIGKILL')
    return { all, own: all.filter((pause) => !machine.some((other) => overlap(pause, other))) }
  }
}

const overlap = (one: Pause, other: Pause) =>
  one.fromMs < other.fromMs + other.ms && other.fromMs < one.fromMs + one.ms
