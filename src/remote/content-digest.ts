import { createHash } from 'node:crypto'

/** What identifies an object's bytes. */
export interface ContentDigest {
  readonly sizeBytes: number
  readonly sha256: Buffer
  /** In hex: the ETag of an object that was put in one piece, unless it is encrypted with a key of KMS. */
  readonly md5: string
}

export async function digestOf(body: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<ContentDigest> {
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
