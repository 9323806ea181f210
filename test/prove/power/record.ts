import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { join } from 'node:path'

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

/** Where a process is recorded: what happens below `root`, and its notes, go to `trace`. */
export interface Recording {
  readonly root: string
  readonly trace: string
  readonly rootInode: number
  /** For the environment of what is recorded. */
  readonly env: Readonly<Record<string, string>>
}

export function prepareRecording(folder: string, library: string): Recording {
  const root = join(realpathSync(folder), 'disk')
  const trace = join(folder, 'trace')
  mkdirSync(root)
  return {
    root,
    trace,
    rootInode: statSync(root).ino,
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
