import { type ClientHttp2Session, connect, constants } from 'node:http2'
import type { Answer } from './judge.ts'
import type { FuzzRequest } from './requests.ts'
import { PATIENCE_MS } from './socket.ts'

const OF_HTTP1 = ['host', 'connection', 'transfer-encoding', 'keep-alive', 'upgrade']
const KEPT_BYTES = 4 * 2 ** 20

/** Asks by HTTP/2, all on one session as long as that lives. */
export function createHttp2Client(port: number, pathOf: (path: string) => string) {
  let session: ClientHttp2Session | undefined
  const current = (): ClientHttp2Session => {
    if (!session || session.destroyed || session.closed) {
      session = connect(`http://127.0.0.1:${port}`)
      session.on('error', () => undefined)
    }
    return session
  }
  return {
    ask: ({ method, path, headers, body }: FuzzRequest) =>
      new Promise<Answer>((resolve, reject) => {
        const kept = Object.entries(headers).filter(([name]) => !OF_HTTP1.includes(name))
        const stream = current().request(
          {
            ...Object.fromEntries(kept),
            ...(headers.host !== undefined && { ':authority': headers.host }),
            ...{ ':method': method, ':path': pathOf(path), 'content-length': String(body.length) },
          },
          { endStream: body.length === 0 },
        )
        let status = 0
        let type = ''
        const pieces: Buffer[] = []
        let sizeBytes = 0
        stream.setTimeout(PATIENCE_MS, () => {
          stream.close(constants.NGHTTP2_CANCEL)
          reject(new Error('no answer'))
        })
        stream.on('response', (said) => {
          status = Number(said[':status'])
          type = String(said['content-type'] ?? '')
          if (!/event-?stream/.test(type) || status !== 200) return
          stream.close(constants.NGHTTP2_CANCEL)
          resolve({ status, type, body: Buffer.alloc(0), hasBody: false })
        })
        stream.on('data', (piece: Buffer) => {
          if (sizeBytes < KEPT_BYTES) pieces.push(piece)
          sizeBytes += piece.length
        })
        const hasBody = method !== 'HEAD'
        stream.on('end', () =>
          resolve({ status, type, body: Buffer.concat(pieces), hasBody: hasBody && status !== 304 }),
        )
        stream.on('error', reject)
        stream.on('close', () => reject(new Error(`closed with ${stream.rstCode}`)))
        if (body.length > 0) stream.end(body)
      }),
    end: () => session?.destroy(),
  }
}
