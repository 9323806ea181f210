import { createHash } from 'node:crypto'
import { sha256Hex } from '../service/signing/signing-key.ts'
import { RemoteFailure } from './remote-failure.ts'
import { createRequest, type RemoteOptions } from './request.ts'

/** An object that nobody else writes. */
export interface RemoteObject {
  readonly bucket: string
  readonly key: string
  /** The same bytes each time it is called. */
  readonly body: () => AsyncIterable<Uint8Array>
  readonly contentType: string
  readonly contentEncoding?: string
  readonly storageClass?: string
  readonly expectedBucketOwner?: string
}

export interface StoredObject {
  readonly etag: string
  readonly sizeBytes: number
}

export interface RemoteS3 {
  /**
   * Puts an object once, however often it is called: what is there already counts as put if it has the same bytes.
   * The body is read twice, since its length and checksum are sent before it. Rejects with a RemoteFailure.
   */
  put(object: RemoteObject, signal: AbortSignal): Promise<StoredObject>
  /** What is there, whatever it is; undefined if there is nothing. Rejects with a RemoteFailure. */
  find(object: Pick<RemoteObject, 'bucket' | 'key'>, signal: AbortSignal): Promise<StoredObject | undefined>
}

const NO_BODY = sha256Hex('')

/**
 * A client of another S3.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export function createRemoteS3(options: RemoteOptions): RemoteS3 {
  const request = createRequest(options)

  async function putNew(object: RemoteObject, signal: AbortSignal): Promise<StoredObject> {
    const { bucket, key, body } = object
    const { sha256, sizeBytes } = await digestOf(body(), signal)
    const headers = await request(
      {
        ...{ method: 'PUT', bucket, key, bodySha256: sha256.toString('hex') },
        headers: headersOf(object, sha256),
        content: { body: body(), sizeBytes },
      },
      signal,
    )
    const etag = etagOf(headers)
    if (etag !== undefined) return { etag, sizeBytes }
    throw new RemoteFailure({
      code: 'InternalError',
      message: `${options.target.endpoint} took the object without an ETag: it is no S3`,
      isUncertain: true,
    })
  }

  async function head(
    { bucket, key }: Pick<RemoteObject, 'bucket' | 'key'>,
    signal: AbortSignal,
  ): Promise<Headers | undefined> {
    try {
      return await request(
        { method: 'HEAD', bucket, key, headers: { 'x-amz-checksum-mode': 'ENABLED' }, bodySha256: NO_BODY },
        signal,
      )
    } catch (failure) {
      if (failure instanceof RemoteFailure && failure.status === 404) return undefined
      throw failure
    }
  }

  /** The object that is there, if it has this one's bytes; undefined if there is none. */
  async function findSame(object: RemoteObject, signal: AbortSignal): Promise<StoredObject | undefined> {
    const { bucket, key, body } = object
    const headers = await head(object, signal)
    if (!headers) return undefined
    // Read anew, so that whoever makes the body and takes notes has made it to its end.
    const digest = await digestOf(body(), signal)
    if (isSame(headers, digest)) return { etag: etagOf(headers) ?? '', sizeBytes: digest.sizeBytes }
    throw new RemoteFailure({
      code: 'PreconditionFailed',
      message:
        `another object is at ${bucket}/${key}: ${headers.get('content-length')} bytes, ETag ${etagOf(headers)}; ` +
        `this one has ${digest.sizeBytes} bytes, MD5 ${digest.md5}`,
      status: 412,
      isUncertain: false,
    })
  }

  return {
    async put(object, signal) {
      try {
        return await putNew(object, signal)
      } catch (failure) {
        if (signal.aborted || !(failure instanceof RemoteFailure) || !mayBeThere(failure)) throw failure
        const found = await findSame(object, signal).catch((reason) => {
          throw unseen(failure, reason)
        })
        if (!found) throw failure
        return found
      }
    },
    async find(object, signal) {
      const headers = await head(object, signal)
      return headers && { etag: etagOf(headers) ?? '', sizeBytes: Number(headers.get('content-length')) }
    },
  }
}

/** Only if nothing is there. */
const headersOf = (
  { contentType, contentEncoding, storageClass, expectedBucketOwner }: RemoteObject,
  sha256: ContentDigest['sha256'],
): Readonly<Record<string, string>> => ({
  'content-type': contentType,
  ...(contentEncoding !== undefined && { 'content-encoding': contentEncoding }),
  ...(storageClass !== undefined && { 'x-amz-storage-class': storageClass }),
  ...(expectedBucketOwner !== undefined && { 'x-amz-expected-bucket-owner': expectedBucketOwner }),
  'if-none-match': '*',
  'x-amz-checksum-sha256': sha256.toString('base64'),
})

/** A condition that does not hold, or an answer that did not arrive. */
const mayBeThere = ({ status, isUncertain }: RemoteFailure): boolean =>
  status === 412 || (status === undefined && isUncertain)

function isSame(headers: Headers, { sizeBytes, sha256, md5 }: ContentDigest): boolean {
  if (headers.get('content-length') !== String(sizeBytes)) return false
  const checksum = headers.get('x-amz-checksum-sha256')
  return checksum === null ? etagOf(headers) === md5 : checksum === sha256.toString('base64')
}

const etagOf = (headers: Headers): string | undefined =>
  headers.get('etag')?.replace(/^(?:W\/)?"(.*)"$/, '$1')

/** The object that is there is another one, or whether there is one cannot be told. */
function unseen(failure: RemoteFailure, reason: unknown): unknown {
  if (!(reason instanceof RemoteFailure) || reason.status === 412) return reason
  return new RemoteFailure({
    code: reason.code,
    message: `${failure.message}; whether the object is there cannot be seen: ${reason.message}`,
    isUncertain: true,
    cause: reason,
  })
}

/** What identifies an object's bytes. */
interface ContentDigest {
  readonly sizeBytes: number
  readonly sha256: Buffer
  /** In hex: the ETag of an object that was put in one piece, unless it is encrypted with a key of KMS. */
  readonly md5: string
}

async function digestOf(body: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<ContentDigest> {
  const sha256 = createHash('sha256')
  const md5 = createHash('md5')
  let sizeBytes = 0
  for await (const chunk of body) {
    signal.throwIfAborted()
    sha256.update(chunk)
    md5.update(chunk)
    sizeBytes += chunk.length
  }
  return { sizeBytes, sha256: sha256.digest(), md5: md5.digest('hex') }
}
