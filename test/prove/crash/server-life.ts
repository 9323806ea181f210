import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { type AwsClient, createAwsClient } from '../load/aws-client.ts'

const CLI = new URL('../../../bin/standpipe.js', import.meta.url).pathname

/** One server process on a data folder, from its start to its SIGKILL. */
export interface Life extends AwsClient {
  /** Resolves when it is ready; rejects when it ends before. */
  readonly ready: Promise<void>
  /** Resolves with its exit code, or what killed it. */
  readonly ended: Promise<number | NodeJS.Signals>
  /** Where it is reached, once it is ready. */
  endpoint(): string
  readonly pid: number
  /** What it printed on standard error. */
  output(): string
  /** With SIGKILL, unless it is told otherwise. */
  kill(signal?: NodeJS.Signals): Promise<void>
}

interface LifeOptions {
  /** Beside this process's own. */
  readonly env?: NodeJS.ProcessEnv
  readonly flags?: readonly string[]
}

export function startLife(folder: string, { env, flags = [] }: LifeOptions = {}): Life {
  const always = ['--port', '0', '--data', folder, '--limits', 'off', '--log-level', 'warn']
  const child: ChildProcess = spawn(process.execPath, [CLI, 'start', ...always, ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
  const ended = new Promise<number | NodeJS.Signals>((resolve) =>
    child.once('exit', (code, signal) => resolve(signal ?? code ?? -1)),
  )
  let [endpoint, printed] = ['', '']
  child.stderr!.on('data', (chunk) => {
    printed += chunk
  })
  const ready = new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout! }).on('line', (line) => {
      endpoint ||= /http:\/\/[\w.:-]+/.exec(line)?.[0] ?? ''
      if (line === 'Ready.') resolve()
    })
    void ended.then(() => reject(new Error(`ended before it was ready: ${printed}`)))
  })
  ready.catch(() => undefined)
  return {
    ...createAwsClient(() => endpoint),
    ready,
    ended,
    endpoint: () => endpoint,
    pid: child.pid ?? -1,
    output: () => printed,
    async kill(signal = 'SIGKILL') {
      child.kill(signal)
      await ended
    },
  }
}
