import { Agent, request } from 'node:http'
import { signRequest } from '../../src/service/signing/sign-request.ts'
import { sha256Hex } from '../../src/service/signing/signing-key.ts'

/** Signed in form, as every AWS client signs; no server here verifies it. */
export const AUTHORIZATION =
  'AWS4-HMAC-SHA256 Credential=bench/20260101/us-east-1/kinesis/aws4_request, SignedHeaders=host;x-amz-date;x-amz-target, Signature=0'

export interface Connections {
  /** One AWS JSON call; rejects unless the answer is 200. */
  call(target: string, body: string): Promise<string>
  close(): void
}

/** The key that the closed server takes. */
export const BENCH_KEY = { accessKeyId: 'AKIDBENCH', secretAccessKey: 'bench' }

export type Signature = 'form' | 'real'

/** Keep-alive connections to one server; what is signed in form only costs this process less. */
export function connect(endpoint: string, count: number, signature: Signature = 'form'): Connections {
  const agent = new Agent({ keepAlive: true, maxSockets: count })
  const { hostname, port } = new URL(endpoint)
  const send = (target: string, body: string) =>
    new Promise<string>((resolve, reject) => {
      const plain = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target }
      const headers = {
        'content-length': Buffer.byteLength(body),
        ...(signature === 'real'
          ? signedHeaders(endpoint, plain, body)
          : { ...plain, 'x-amz-date': '20260101T000000Z', authorization: AUTHORIZATION }),
      }
      const sent = request({ agent, hostname, port, method: 'POST', path: '/', headers }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString()
          if (response.statusCode === 200) resolve(text)
          else reject(new Error(`${target}: ${response.statusCode} ${text.slice(0, 200)}`))
        })
      })
      sent.on('error', reject)
      sent.end(body)
    })
  return { call: send, close: () => agent.destroy() }
}

export const signedHeaders = (endpoint: string, headers: Readonly<Record<string, string>>, body: string) =>
  signRequest({
    ...{ method: 'POST', url: new URL(endpoint), headers, bodySha256: sha256Hex(body) },
    ...{ service: 'kinesis', region: 'us-east-1', credentials: BENCH_KEY, now: Date.now() },
  })

export const KINESIS = (operation: string) => `Kinesis_20131202.${operation}`
export const FIREHOSE = (operation: string) => `Firehose_20150804.${operation}`

/** Makes `total` calls, `concurrency` at a time. */
export async function repeat(
  total: number,
  concurrency: number,
  act: (index: number) => Promise<unknown>,
): Promise<void> {
  let next = 0
  const worker = async () => {
    while (next < total) await act(next++)
  }
  await Promise.all(Array.from({ length: concurrency }, worker))
}
