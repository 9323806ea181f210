import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

const CLI = new URL('../../src/cli.ts', import.meta.url).pathname
const AUTHORIZATION =
  'AWS4-HMAC-SHA256 Credential=crash/20260101/us-east-1/any/aws4_request, SignedHeaders=host;x-amz-date, Signature=0'
const TARGETS = { kinesis: 'Kinesis_20131202', firehose: 'Firehose_20150804' }

/** One server process on a data folder, from its start to its SIGKILL. */
export interface Life {
  /** Resolves when it is ready; rejects when it ends before. */
  readonly ready: Promise<void>
  call<T>(service: keyof typeof TARGETS, operation: string, input: object): Promise<T>
  /** Its own API, or S3. */
  fetch(path: string, init?: RequestInit): Promise<Response>
  output(): string
  kill(): Promise<void>
}

export function startLife(folder: string): Life {
  const flags = ['--port', '0', '--data', folder, '--limits', 'off', '--log-level', 'warn']
  const child: ChildProcess = spawn(process.execPath, [CLI, 'start', ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  let [endpoint, printed] = ['', '']
  child.stderr!.on('data', (chunk) => {
    printed += chunk
  })
  const ready = new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout! }).on('line', (line) => {
      endpoint ||= /http:\/\/[\w.:-]+/.exec(line)?.[0] ?? ''
      if (line === 'Ready.') resolve()
    })
    void exited.then(() => reject(new Error(`ended before it was ready: ${printed}`)))
  })
  ready.catch(() => undefined)
  const request = (path: string, init?: RequestInit) => fetch(`${endpoint}${path}`, init)
  return {
    ready,
    fetch: request,
    async call(service, operation, input) {
      const answer = await request('/', {
        method: 'POST',
        headers: {
          'content-type': 'application/x-amz-json-1.1',
          'x-amz-target': `${TARGETS[service]}.${operation}`,
          'x-amz-date': '20260101T000000Z',
          authorization: AUTHORIZATION,
        },
        body: JSON.stringify(input),
      })
      const text = await answer.text()
      if (!answer.ok) throw new Error(`${operation}: ${answer.status} ${text}`)
      return JSON.parse(text || '{}')
    },
    output: () => printed,
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
  }
}
