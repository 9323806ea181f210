import { execFileSync, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { catcherOf } from './catcher.ts'

const HERE = fileURLToPath(new URL('.', import.meta.url))
const CHECKOUT = fileURLToPath(new URL('../../../', import.meta.url))
/** What takes longer has not caught it. */
const PATIENCE_MS = 15 * 60_000

/** A seeded fault, as a patch of the sources. */
export interface Mutant {
  readonly name: string
  readonly patch: string
  /** Whose first line says it: what has to catch it. */
  readonly caughtBy: string
}

export function listMutants(): Mutant[] {
  const names = readdirSync(HERE).filter((name) => name.endsWith('.patch'))
  return names.sort().map((name) => {
    const patch = join(HERE, name)
    const caughtBy = /^caught by: (\S+)\n/.exec(readFileSync(patch, 'utf8'))?.[1]
    if (!caughtBy) throw new Error(`${name} does not begin with what it is caught by`)
    return { name: name.replace(/\.patch$/, ''), patch, caughtBy }
  })
}

/** Whether it fits the sources as they are. */
export function applies({ patch }: Mutant): boolean {
  try {
    execFileSync('git', ['apply', '--check', patch], { cwd: CHECKOUT, stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** Copies the checkout's own files into `folder`, a new one, and lets it have what is installed. */
export function copyCheckout(folder: string): void {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: CHECKOUT,
    encoding: 'utf8',
  })
  for (const path of listed.split('\0').filter(Boolean)) {
    const target = join(folder, path)
    mkdirSync(dirname(target), { recursive: true })
    // One that was deleted and not yet committed is listed all the same.
    if (existsSync(join(CHECKOUT, path))) cpSync(join(CHECKOUT, path), target)
  }
  for (const name of ['node_modules', 'dist-console'])
    if (!existsSync(join(folder, name))) symlinkSync(join(CHECKOUT, name), join(folder, name))
}

export function apply({ patch }: Mutant, folder: string): void {
  execFileSync('git', ['apply', patch], {
    cwd: folder,
    env: { ...process.env, GIT_CEILING_DIRECTORIES: dirname(folder) },
  })
}

/** Runs what catches mutants on a copy of the checkout: whether it found a fault, and what it said last. */
export async function runCatcher(
  folder: string,
  caughtBy: string,
  seed: number,
): Promise<{ readonly isCaught: boolean; readonly said: string }> {
  const { NODE_TEST_CONTEXT: _ours, ...env } = process.env
  const child = spawn(process.execPath, catcherOf(caughtBy, seed).args, {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: PATIENCE_MS,
  })
  let said = ''
  const hear = (chunk: unknown) => {
    said = `${said}${chunk}`.slice(-2000)
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) =>
    child.once('close', (...end) => resolve(end)),
  )
  if (signal) throw new Error(`${caughtBy} was ended by ${signal}: ${said}`)
  return { isCaught: code !== 0, said }
}
