import type { RequestInit, Response } from 'undici'
import { type IdleTimeout, idleTimeout } from '../clock/machine-time.ts'
import { type Credentials, signRequest } from '../service/signing/sign-request.ts'
import type { Outbound } from './outbound.ts'
import { RemoteFailure, refused, unanswered } from './remote-failure.ts'

export interface RemoteOptions {
  readonly target: S3Target
  readonly outbound: Outbound
  /** The machine's time, by which signatures are judged; ms since 1970. */
  readonly now: () => number
  /** How long nothing may move before a request is given up. */
  readonly idleMs?: number
}

export interface ObjectRequest {
  readonly method: 'PUT' | 'HEAD'
  readonly bucket: string
  readonly key: string
  readonly headers: Readonly<Record<string, string>>
  /** Of the body, in hex. */
  readonly bodySha256: string
  readonly content?: { readonly body: AsyncIterable<Uint8Array>; readonly sizeBytes: number }
}

const IDLE_MS = 60_000
/** S3's errors are shorter. */
const ANSWER_CHARACTERS = 65_536

/** Sends one signed request about an object; resolves with the answer's headers. Rejects with a RemoteFailure. */
export const createRequest =
  ({ target, outbound, now, idleMs = IDLE_MS }: RemoteOptions) =>
  async (request: ObjectRequest, signal: AbortSignal): Promise<Headers> => {
    const { method, bucket, key, bodySha256, content } = request
    const { region, credentials } = target
    const url = objectUrl(target, bucket, key)
    const idle = idleTimeout(idleMs)
    const upload = content && (await openUpload(content.body, idle))
    const headers = signRequest({
      ...{ method, url, bodySha256, service: 's3', region, credentials, now: now() },
      headers: { ...request.headers, 'x-amz-content-sha256': bodySha256 },
    })
    try {
      idle.restart()
      const answer = await send(outbound, url, {
        method,
        headers: {
          ...headers,
          // Only what is not compressed on the way has its own length.
          'accept-encoding': 'identity',
          'user-agent': 'standpipe',
          ...(content && { 'content-length': String(content.sizeBytes) }),
        },
        ...(upload && { body: upload.chunks, duplex: 'half' }),
        signal: AbortSignal.any([signal, idle.signal]),
      })
      if (!answer.ok) throw refused(url.origin, answer.status, answer.text)
      return answer.headers
    } finally {
      idle.stop()
      await upload?.close()
    }
  }

async function send(outbound: Outbound, url: URL, init: RequestInit) {
  try {
    const answer = await outbound.fetch(url, init)
    const { ok, status, headers } = answer
    return { ok, status, headers, text: await textOf(answer) }
  } catch (error) {
    throw unanswered(url.origin, error)
  }
}

async function textOf({ body }: Pick<Response, 'body'>): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of body ?? []) {
    text += decoder.decode(chunk, { stream: true })
    if (text.length > ANSWER_CHARACTERS) break
  }
  return text
}

/** A body on its way out. */
interface Upload {
  readonly chunks: AsyncIterable<Uint8Array>
  /** Ends the body, sent or not. */
  close(): Promise<void>
}

/**
 * The body is made one chunk ahead, so that it was made to its end before anybody can answer to all of it, and begun
 * before there is a connection, since it may have to wait for its turn. Time passes only while the network is
 * waited for.
 */
async function openUpload(body: AsyncIterable<Uint8Array>, idle: IdleTimeout): Promise<Upload> {
  const source = body[Symbol.asyncIterator]()
  let next = await source.next()
  async function* chunks() {
    while (!next.done) {
      const { value } = next
      idle.stop()
      next = await source.next()
      idle.restart()
      yield value
    }
  }
  return {
    chunks: chunks(),
    async close() {
      await source.return?.()
    },
  }
}

/** Another S3: AWS's own, MinIO, Garage, Ceph, or another Standpipe. */
export interface S3Target {
  /** http or https, perhaps with a path that comes before every bucket. */
  readonly endpoint: string
  readonly region: string
  readonly credentials: Credentials
  /** Whether the bucket is in the path or in the host name. */
  readonly addressing: 'path' | 'virtual-host'
}

/**
 * Where an object is. Throws a RemoteFailure when no URL can say its key.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
 */
export function objectUrl({ endpoint, addressing }: S3Target, bucket: string, key: string): URL {
  const { protocol, host, pathname } = new URL(endpoint)
  const before = pathname.replace(/\/$/, '')
  const [name, root] = addressing === 'path' ? [host, `${before}/${bucket}`] : [`${bucket}.${host}`, before]
  const path = `${root}/${key.split('/').map(encodeSegment).join('/')}`
  const url = new URL(`${protocol}//${name}${path}`)
  if (url.pathname === path) return url
  throw new RemoteFailure({
    code: 'InternalError',
    message: `a key with '.' or '..' between slashes cannot be put to another S3: ${key}`,
    isUncertain: false,
  })
}

/** As Signature Version 4 wants it: everything but letters, digits and `-._~`. */
const encodeSegment = (segment: string): string =>
  encodeURIComponent(segment).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )
