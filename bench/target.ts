import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** A server in a process of its own. */
export interface Target {
  readonly name: string
  readonly endpoint: string
  /** CPU time of the process so far, seconds (Linux; NaN elsewhere). */
  cpuSeconds(): number
  stop(): Promise<void>
}

const CLOCK_TICKS_PER_SECOND = 100
const fileOf = (path: string) => new URL(path, import.meta.url).pathname

export const bareHttp = () => spawnTarget('bare node:http', [fileOf('servers/bare-http.ts')], isUrl)
export const bareParsing = () => spawnTarget('bare parsing', [fileOf('servers/bare-parsing.ts')], isUrl)
export const kinesaliteInMemory = () =>
  spawnTarget('kinesalite in memory', [fileOf('servers/kinesalite.js')], isUrl)
export const kinesalite = () => {
  const path = mkdtempSync(join(tmpdir(), 'kinesalite-'))
  return spawnTarget('kinesalite', [fileOf('servers/kinesalite.js'), path], isUrl, removing(path))
}
export const s3rver = () => spawnTarget('s3rver', [fileOf('servers/s3rver.js')], isUrl)

/** Standpipe as a user starts it, from the checkout in `folder`: durable, but without AWS's throttles. */
export function standpipe(name = 'standpipe', folder = fileOf('..')): Promise<Target> {
  const data = mkdtempSync(join(tmpdir(), 'standpipe-bench-'))
  const flags = ['start', '--port', '0', '--data', data, '--limits', 'off', '--log-level', 'error']
  const isReady = (line: string) => line.endsWith('Ready.')
  return spawnTarget(name, [join(folder, 'src/cli.ts'), ...flags], isReady, removing(data))
}

/** The same, every signature verified. */
export function closedStandpipe(name = 'standpipe closed', folder = fileOf('..')): Promise<Target> {
  const data = mkdtempSync(join(tmpdir(), 'standpipe-bench-'))
  return spawnTarget(name, [join(folder, 'bench/servers/closed.ts'), data], isUrl, removing(data))
}

const removing = (folder: string) => () => rmSync(folder, { recursive: true, force: true })

const isUrl = (line: string) => line.startsWith('http://')

async function spawnTarget(
  name: string,
  args: string[],
  isReady: (line: string) => boolean,
  cleanUp: () => void = () => undefined,
): Promise<Target> {
  const child = spawnServer(args)
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  let endpoint = ''
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      endpoint ||= /http:\/\/[\w.:]+/.exec(line)?.[0] ?? ''
      if (isReady(line)) resolve()
    })
    void exited.then(() => reject(new Error(`${name} did not start`)))
  })
  return {
    name,
    endpoint,
    cpuSeconds: () => cpuSecondsOf(child),
    async stop() {
      // A profile is written by a process that ends by itself.
      child.kill(PROFILES === undefined ? 'SIGKILL' : 'SIGTERM')
      await exited
      cleanUp()
    },
  }
}

function cpuSecondsOf({ pid }: ChildProcess): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_PER_SECOND
  } catch {
    return Number.NaN
  }
}

/** Where profiles of the servers are put, if anywhere: `node bench/profile.ts` reads them. */
const PROFILES = process.env.BENCH_PROFILES

/** With BENCH_CORES=apart servers have core 0 for themselves, if whoever started this put it on another: `taskset -c 1`. */
function spawnServer(args: readonly string[]) {
  const pinned = process.env.BENCH_CORES === 'apart' ? ['taskset', '-c', '0'] : []
  const profiled = PROFILES === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${PROFILES}`]
  const [command = '', ...rest] = [...pinned, process.execPath, ...profiled, ...args]
  return spawn(command, rest, { stdio: ['ignore', 'pipe', 'inherit'] })
}
