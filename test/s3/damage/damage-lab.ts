import { readdirSync, statSync, truncateSync, unlinkSync } from 'node:fs'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { connect } from 'node:http2'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { Log } from '../../../src/server/log.ts'
import { start } from '../../../src/start.ts'

/** What a client got; `cut`: the connection or the stream ended before the answer was whole. */
export interface Got {
  readonly status: number
  readonly body: Buffer
  readonly isCut: boolean
}
export type Send = (method: string, path: string, options?: SendOptions) => Promise<Got>
export interface SendOptions {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array | string
}

/** A whole server on a data folder, spoken to byte by byte over both versions of HTTP; with the bucket `lake`. */
export async function damageLab(t: TestContext) {
  const data = await mkdtemp(join(tmpdir(), 'standpipe-damage-'))
  const lines: string[] = []
  const say = (message: string) => void lines.push(message)
  const log: Log = { error: say, warn: say, info: () => {}, debug: () => {} }
  const open = () => start({ port: 0, data, clock: 'manual', log })
  let server = await open()
  t.after(async () => {
    await server.close()
    await rm(data, { recursive: true })
  })
  const send1: Send = (method, path, { headers = {}, body } = {}) =>
    new Promise((resolve, reject) => {
      const agent = new Agent()
      const outgoing = request(
        `${server.endpoint}${path}`,
        { method, headers, agent, timeout: 10_000 },
        async (answer) => {
          const pieces: Buffer[] = []
          const isCut = await (async () => {
            for await (const piece of answer) pieces.push(piece)
          })().then(
            () => false,
            () => true,
          )
          agent.destroy()
          resolve({ status: answer.statusCode!, body: Buffer.concat(pieces), isCut })
        },
      )
      outgoing.on('timeout', () => outgoing.destroy(new Error(`${method} ${path} hangs`)))
      outgoing.on('error', reject)
      outgoing.end(body)
    })
  const send2: Send = (method, path, { headers = {}, body } = {}) =>
    new Promise((resolve, reject) => {
      const session = connect(server.endpoint)
      const stream = session.request({ ':method': method, ':path': path, ...headers })
      const pieces: Buffer[] = []
      let status = 0
      let isCut = false
      stream.setTimeout(10_000, () => stream.destroy(new Error(`${method} ${path} hangs`)))
      stream.on('response', (answer) => {
        status = Number(answer[':status'])
      })
      stream.on('data', (piece) => pieces.push(piece))
      stream.on('error', (error) => {
        isCut = true
        if (status === 0) reject(error)
      })
      stream.on('close', () => {
        session.close()
        resolve({ status, body: Buffer.concat(pieces), isCut })
      })
      stream.end(body)
    })
  await send1('PUT', '/lake')
  return {
    ...{ data, lines, send1, send2 },
    server: () => server,
    problems: async (): Promise<{ code: string; where: string; what: string }[]> =>
      JSON.parse((await send1('GET', '/_standpipe/health')).body.toString()).problems,
    blobs: () => blobFiles(data),
    /** Puts an object and returns the file of its bytes. */
    async put(key: string, body: Uint8Array): Promise<string> {
      const before = new Set(blobFiles(data))
      await send1('PUT', `/lake/${key}`, { body })
      return blobFiles(data).find((file) => !before.has(file))!
    },
    async restart() {
      await server.close()
      server = await open()
    },
  }
}

const blobFiles = (data: string): string[] =>
  readdirSync(join(data, 'blobs'), { recursive: true, withFileTypes: true })
    .filter(({ name }) => /^[0-9a-f]{32}$/.test(name))
    .map((entry) => join(entry.parentPath, entry.name))

/** What can become of a file, at a byte of it. */
export const DAMAGES: Readonly<Record<string, (file: string, at: number) => Promise<void> | void>> = {
  async 'flips a bit'(file, at) {
    const handle = await open(file, 'r+')
    const byte = Buffer.alloc(1)
    await handle.read(byte, 0, 1, at)
    byte[0]! ^= 0x10
    await handle.write(byte, 0, 1, at)
    await handle.close()
  },
  async 'zeroes a page'(file, at) {
    const handle = await open(file, 'r+')
    await handle.write(Buffer.alloc(4096), 0, 4096, at - (at % 4096))
    await handle.close()
  },
  truncates: (file, at) => truncateSync(file, at),
  'grows it': (file) => truncateSync(file, statSync(file).size + 1),
  removes: (file) => unlinkSync(file),
}
