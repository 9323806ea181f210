import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { TestContext } from 'node:test'
import { admittingFile, isClosed } from './client-access.ts'

const CLI = new URL('../bin/standpipe.js', import.meta.url).pathname

export interface ServerProcess {
  readonly child: ChildProcess
  readonly endpoint: string
  /** What it has printed so far, both streams. */
  output(): string
  /** SIGKILL, and waits until it is gone. */
  kill(): Promise<void>
}

/** Taken away with the process: a test's hooks run in the order of their registration, and may still close what is inside. */
const folders: string[] = []
process.once('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** A fresh folder of a test's, which is there for all of its hooks. */
export function temporaryFolder(_test: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'standpipe-test-'))
  folders.push(folder)
  return folder
}

/** Spawns `standpipe start` as a user would, and waits for its banner's last line. */
export async function startProcess(test: TestContext, flags: readonly string[]): Promise<ServerProcess> {
  const child = spawn(process.execPath, [CLI, 'start', ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(isClosed && { env: { STANDPIPE_AUTH: admittingFile(temporaryFolder(test)), ...process.env } }),
  })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const kill = async () => {
    child.kill('SIGKILL')
    await exited
  }
  test.after(kill)
  let printed = ''
  child.stderr.on('data', (chunk) => {
    printed += chunk
  })
  const endpoint = await new Promise<string>((resolve, reject) => {
    let found = ''
    createInterface({ input: child.stdout }).on('line', (line) => {
      printed += `${line}\n`
      found ||= /https?:\/\/[\w.:-]+/.exec(line)?.[0] ?? ''
      if (line.endsWith('Ready.')) resolve(found)
    })
    void exited.then(() => reject(new Error(`the server ended before it was ready:\n${printed}`)))
  })
  return { child, endpoint, output: () => printed, kill }
}

/** Runs a command to its end; resolves with what it printed and its exit code. */
export function run(
  command: string,
  args: readonly string[],
  options: { readonly env?: NodeJS.ProcessEnv; readonly cwd?: string } = {},
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options })
    let [stdout, stderr] = ['', '']
    child.stdout.on('data', (chunk) => {
      stdout += chunk
    })
    child.stderr.on('data', (chunk) => {
      stderr += chunk
    })
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, stdout, stderr }))
  })
}

export const runCli = (args: readonly string[], options?: Parameters<typeof run>[2]) =>
  run(process.execPath, [CLI, ...args], options)
