import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest, Agent as TlsAgent } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { signRequest } from '../../../src/service/signing/sign-request.ts'
import { sha256Hex } from '../../../src/service/signing/signing-key.ts'
import { type Standpipe, start } from '../../../src/start.ts'
import { createHttp2Client } from './http2-client.ts'
import type { Known } from './inputs.ts'
import type { Answer } from './judge.ts'
import type { FuzzRequest } from './requests.ts'
import { PATIENCE_MS } from './socket.ts'
import { createThings } from './things.ts'

const ENDLESS = /event-?stream/
const KEPT_BYTES = 4 * 2 ** 20

export type Mode = 'open' | 'closed'
const quiet = () => undefined

const KEY = { accessKeyId: 'AKIDOFTHEFUZZER', secretAccessKey: 'a secret of no service' }
const EVERYTHING = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }

/** A server, and what asks it. */
export async function startWorld(mode: Mode, known: Known) {
  const said: string[] = []
  const folder = mkdtempSync(join(tmpdir(), 'standpipe-fuzz-'))
  const log = { error: (line: string) => said.push(line), warn: quiet, info: quiet, debug: quiet }
  const file = join(folder, 'keys.json')
  writeFileSync(file, JSON.stringify({ keys: [{ ...KEY, policies: [EVERYTHING] }] }), { mode: 0o600 })
  const auth = mode === 'closed' ? { auth: file } : {}
  const standpipe = await start({ port: 0, ephemeral: true, clock: 'manual', log, ...auth })
  const agents = {
    http: new Agent({ keepAlive: true, maxSockets: 4 }),
    https: new TlsAgent({ keepAlive: true, maxSockets: 4, rejectUnauthorized: false }),
  }
  const http2 = createHttp2Client(standpipe.port, sentPath)
  return {
    ...{ mode, standpipe, said },
    askHttp2: http2.ask,
    port: standpipe.port,
    /** Signed, where that is wanted. */
    signed: (one: FuzzRequest) => (mode === 'closed' ? signedFor(standpipe, one) : one),
    ask: (one: FuzzRequest, isEncrypted: boolean) => ask(standpipe.port, agents, one, isEncrypted),
    /** Makes again what odd requests are nearly right about. */
    refill: () =>
      createThings(known, async (service, path, method, body) => {
        const request = signedFor(standpipe, { face: '', name: '', service, path, method, headers: {}, body })
        return (
          await ask(standpipe.port, agents, mode === 'closed' ? request : { ...request, headers: {} }, false)
        ).body.toString()
      }),
    async end() {
      http2.end()
      agents.http.destroy()
      agents.https.destroy()
      await standpipe.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
export type World = Awaited<ReturnType<typeof startWorld>>

export const sentPath = (path: string): string =>
  encodeURI(path.toWellFormed()).replaceAll('%25', '%').slice(0, 12_000)

function signedFor({ endpoint }: Pick<Standpipe, 'endpoint'>, one: FuzzRequest): FuzzRequest {
  const url = URL.parse(endpoint + sentPath(one.path))
  if (!url) return one
  const bodySha256 = sha256Hex(one.body)
  const { authorization: _made, 'x-amz-date': _up, host: _too, ...headers } = one.headers
  return {
    ...one,
    headers: signRequest({
      ...{ method: one.method, url, bodySha256, credentials: KEY, region: 'us-east-1', now: Date.now() },
      ...{
        service: one.service,
        pathEncoding: one.service === 's3' ? ('as sent' as const) : ('once more' as const),
      },
      headers: { ...headers, 'x-amz-content-sha256': bodySha256 },
    }),
  }
}

interface Agents {
  readonly http: Agent
  readonly https: TlsAgent
}

function ask(port: number, agents: Agents, one: FuzzRequest, isEncrypted: boolean): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { method, headers, body } = one
    const options = {
      ...{ port, host: '127.0.0.1', method, path: sentPath(one.path), timeout: PATIENCE_MS },
      headers: { ...headers, 'content-length': body.length },
    }
    const heard = (answer: IncomingMessage) => {
      const status = answer.statusCode ?? 0
      const type = answer.headers['content-type'] ?? ''
      if (ENDLESS.test(type) && status === 200) {
        answer.destroy()
        return resolve({ status, type, body: Buffer.alloc(0), hasBody: false })
      }
      const pieces: Buffer[] = []
      let sizeBytes = 0
      answer.on('data', (piece: Buffer) => {
        if (sizeBytes < KEPT_BYTES) pieces.push(piece)
        sizeBytes += piece.length
      })
      const hasBody = method !== 'HEAD' && status !== 304
      answer.on('end', () => resolve({ status, type, body: Buffer.concat(pieces), hasBody }))
      answer.on('error', reject)
    }
    const sent = isEncrypted
      ? httpsRequest({ ...options, agent: agents.https }, heard)
      : httpRequest({ ...options, agent: agents.http }, heard)
    sent.on('timeout', () => sent.destroy(new Error('no answer')))
    sent.on('error', reject)
    sent.end(body)
  })
}
