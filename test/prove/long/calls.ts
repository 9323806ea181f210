import { Pool } from 'undici'

const AUTHORIZATION =
  'AWS4-HMAC-SHA256 Credential=load/20260101/us-east-1/any/aws4_request, SignedHeaders=host;x-amz-date, Signature=0'
const TARGETS = { kinesis: 'Kinesis_20131202', firehose: 'Firehose_20150804' }

/** Calls that cost the caller little, so that the server is the limit. */
export interface Calls {
  /** Rejects unless the answer is 2xx. */
  call<T>(service: keyof typeof TARGETS, operation: string, input: object): Promise<T>
  /** S3, or its own API. Rejects unless the answer is 2xx. */
  send(method: 'GET' | 'PUT' | 'POST' | 'DELETE', path: string, body?: Buffer | string): Promise<Buffer>
  close(): Promise<void>
}

export function connect(endpoint: string, connections: number): Calls {
  // Whoever asks for a delivery is answered when all that waits has been delivered.
  const pool = new Pool(endpoint, { connections, pipelining: 1, headersTimeout: 0, bodyTimeout: 0 })
  const request = async (options: Parameters<Pool['request']>[0]) => {
    const { statusCode, body } = await pool.request(options)
    const bytes = Buffer.from(await body.arrayBuffer())
    if (statusCode >= 200 && statusCode < 300) return bytes
    throw new Error(`${options.method} ${options.path}: ${statusCode} ${bytes.toString().slice(0, 300)}`)
  }
  return {
    async call<T>(service: keyof typeof TARGETS, operation: string, input: object) {
      const headers = {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `${TARGETS[service]}.${operation}`,
        'x-amz-date': '20260101T000000Z',
        authorization: AUTHORIZATION,
      }
      const body = JSON.stringify(input)
      const answer = await request({ method: 'POST', path: '/', headers, body }).catch((error: Error) => {
        throw new Error(`${operation}: ${error.message}`)
      })
      return JSON.parse(answer.toString() || '{}') as T
    },
    send: (method, path, body) => request({ method, path, ...(body !== undefined && { body }) }),
    close: () => pool.close(),
  }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Asks again and again until it is so; rejects after a time. */
export async function until(
  what: string,
  isSo: () => Promise<boolean>,
  withinMs = 60_000,
  everyMs = 50,
): Promise<void> {
  const startedAt = performance.now()
  while (!(await isSo())) {
    if (performance.now() - startedAt > withinMs) throw new Error(`${what}: not so after ${withinMs} ms`)
    await pause(everyMs)
  }
}
