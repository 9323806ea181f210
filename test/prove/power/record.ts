import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, realpathSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { Disk } from './disk.ts'

const SOURCE = new URL('recorder.c', import.meta.url).pathname
export const NEEDS = 'apt-get install gcc libc6-dev'

/** Why nothing can be recorded here; undefined when it can. */
export function missing(): string | undefined {
  if (process.platform !== 'linux') return 'power cuts are recorded on Linux alone'
  try {
    execFileSync('cc', ['--version'], { stdio: 'ignore' })
    return undefined
  } catch {
    return `there is no C compiler: ${NEEDS}`
  }
}

/** Compiles the recorder into `folder`; its path. */
export function compileRecorder(folder: string): string {
  const library = join(folder, 'recorder.so')
  execFileSync('cc', [
    '-O1',
    '-Wall',
    '-Werror',
    '-shared',
    '-fPIC',
    '-o',
    library,
    SOURCE,
    '-ldl',
    '-lpthread',
  ])
  return library
}

/** What a power cut has left, to be gone on with. */
export interface LeftByCut {
  readonly root: string
  /** The load's notes before the cut. */
  readonly notes: readonly string[]
}

/** Where processes are recorded: what happens below `root`, and their notes, go to `trace`. */
export interface Recording {
  readonly root: string
  readonly trace: string
  /** As it was before; the events are still to happen to it. */
  readonly disk: Disk
  /** Of a load that went on here before. */
  readonly notes: readonly string[]
  /** For the environment of what is recorded. */
  readonly env: Readonly<Record<string, string>>
}

export function prepareRecording(folder: string, library: string, left?: LeftByCut): Recording {
  const root = join(realpathSync(folder), 'disk')
  const trace = join(folder, 'trace')
  if (left) renameSync(left.root, root)
  else mkdirSync(root)
  return {
    root,
    trace,
    disk: new Disk(root),
    notes: left?.notes ?? [],
    // libuv's io_uring would go past libc.
    env: { LD_PRELOAD: library, POWER_ROOT: root, POWER_TRACE: trace, UV_USE_IO_URING: '0' },
  }
}

/** What kills a recorded process as SIGKILL does, though not between a change and its event. */
export const KILL = 'SIGUSR2'

/** Runs a program of ours, recorded, until it ends or, after `killAfterMs`, is killed. */
export async function runRecorded(
  { env }: Recording,
  args: readonly string[],
  killAfterMs: number,
): Promise<void> {
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...env },
  })
  let printed = ''
  child.stderr.on('data', (chunk) => {
    printed += chunk
  })
  const killing = setTimeout(() => child.kill(KILL), killAfterMs)
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) =>
    child.once('close', (...end) => resolve(end)),
  )
  clearTimeout(killing)
  if (code !== 0 && signal !== 'SIGKILL') throw new Error(`${args.join(' ')} ended with ${code}: ${printed}`)
}

/** Every file of a folder by its path in it; folders end with a slash. */
export function treeOf(folder: string): Map<string, Buffer> {
  const tree = new Map<string, Buffer>()
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    const name = path.slice(folder.length + 1)
    if (entry.isDirectory()) tree.set(`${name}/`, Buffer.alloc(0))
    else tree.set(name, readFileSync(path))
  }
  return tree
}
