/**
 * `node test/folders/make.ts CHECKOUT NAME`: makes test/folders/NAME.tar.gz and NAME.json with the sources of a checkout,
 * whose folder has its dependencies: a data folder of two lives, of which the second was killed. Its write-ahead logs
 * are short, so that there are segments; that is no matter of the format.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { beginUpload, type Clients, clientsOf, create, put } from './contents.ts'

const [checkout = '', name = ''] = process.argv.slice(2)
const here = import.meta.dirname
const work = mkdtempSync(join(tmpdir(), 'standpipe-folder-'))
const data = join(work, 'data')

cpSync(join(checkout, 'src'), join(work, 'src'), { recursive: true })
cpSync(join(checkout, 'package.json'), join(work, 'package.json'))
symlinkSync(resolve(checkout, 'node_modules'), join(work, 'node_modules'))
shortenWals()

async function live(
  during: (clients: Clients) => Promise<void>,
  signal: 'SIGTERM' | 'SIGKILL',
): Promise<void> {
  const args = ['src/cli.ts', 'start', '--port', '0', '--data', data, '--clock', 'manual']
  const child = spawn(process.execPath, args, { cwd: work, stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  try {
    await during(clientsOf(await endpointOf(child)))
    child.kill(signal)
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  }
  await exited
}

async function endpointOf({ stdout }: ChildProcess): Promise<string> {
  let found = ''
  for await (const line of createInterface({ input: stdout! })) {
    found ||= /https?:\/\/[\w.:-]+/.exec(line)?.[0] ?? ''
    if (line.endsWith('Ready.')) return found
  }
  throw new Error('the server ended before it was ready')
}

function shortenWals(): void {
  const long = 'WAL_BYTES = 32 * 2 ** 20'
  const [file] = globSync('src/engine/embedded/**/*.ts', { cwd: work })
    .map((path) => join(work, path))
    .filter((path) => readFileSync(path, 'utf8').includes(long))
  writeFileSync(file!, readFileSync(file!, 'utf8').replace(long, 'WAL_BYTES = 128 * 1024'))
}

const lives: Awaited<ReturnType<typeof put>>[] = []
let rest: Awaited<ReturnType<typeof beginUpload>> | undefined
await live(async (clients) => {
  await create(clients)
  lives.push(await put(clients, 1))
}, 'SIGTERM')
await live(async (clients) => {
  rest = await beginUpload(clients)
  lives.push(await put(clients, 2))
}, 'SIGKILL')
const records = Object.fromEntries(
  Object.keys(lives[0]!).map((stream) => [stream, lives.flatMap((life) => life[stream]!)]),
)
writeFileSync(join(here, `${name}.json`), `${JSON.stringify({ ...rest, records })}\n`)
execFileSync('tar', [
  '-czf',
  join(here, `${name}.tar.gz`),
  '--exclude=standpipe.lock*',
  '--exclude=lock.mdb',
  '-C',
  data,
  '.',
])
rmSync(work, { recursive: true })
