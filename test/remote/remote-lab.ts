import { once } from 'node:events'
import { createServer } from 'node:net'
import { after } from 'node:test'
import { createOutbound, noTargets } from '../../src/remote/outbound.ts'
import { createRemoteS3 } from '../../src/remote/remote-s3.ts'
import type { RemoteOptions, S3Target } from '../../src/remote/request.ts'

/** As an open server has it. */
export const outbound = createOutbound({ isRestricted: false, allowed: noTargets })
after(() => outbound.close())

export const targetAt = (endpoint: string, more: Partial<S3Target> = {}): S3Target => ({
  endpoint,
  region: 'us-east-1',
  addressing: 'path',
  credentials: { accessKeyId: '123456789012', secretAccessKey: 'secret' },
  ...more,
})

export const remoteAt = (endpoint: string, more: Partial<RemoteOptions> = {}) =>
  createRemoteS3({ target: targetAt(endpoint), outbound, now: Date.now, ...more })

/** An object whose body comes in chunks of 64 KiB at most; `reads` counts how often it was begun. */
export function objectOf(content: Uint8Array | string, more: { key?: string; bucket?: string } = {}) {
  const bytes = Buffer.from(content)
  let reads = 0
  return {
    bucket: 'lake',
    key: 'raw/2026/07/object',
    contentType: 'application/octet-stream',
    async *body() {
      reads++
      for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536)
    },
    reads: () => reads,
    ...more,
  }
}

export const unending: AbortSignal = new AbortController().signal

/** Where nobody listens any more. */
export async function deadEndpoint(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return `http://127.0.0.1:${port}`
}
