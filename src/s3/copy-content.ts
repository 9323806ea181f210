import { type Change, isEngineError } from '../engine/engine.ts'
import type { Checksum, ChecksumAlgorithm } from './checksum.ts'
import { type Content, openContent, wanted } from './content.ts'
import { inlineKey } from './document-key.ts'
import type { ByteRange } from './range.ts'
import { receiveChecked } from './receive-checked.ts'
import type { S3 } from './s3.ts'
import type { StoredObject } from './stored-object.ts'

/** The same bytes once more, named by nothing yet. */
export interface ContentCopy {
  readonly content: Content
  readonly sizeBytes: number
  readonly md5: string
  readonly checksum: Checksum
  readonly changes: readonly Change[]
}

/**
 * Copies an object's bytes, or a range of them. Nothing is read when the copy's MD5 and checksum are those of the
 * source: it is whole, was not uploaded in parts, and no other algorithm is asked for. Undefined when the source was
 * replaced meanwhile.
 */
export async function copyContent(
  s3: S3,
  source: StoredObject,
  algorithm: ChecksumAlgorithm = source.checksum.algorithm,
  range?: ByteRange,
): Promise<ContentCopy | undefined> {
  const { content, sizeBytes, etag, checksum } = source
  const isSame = !range && !source.upload && checksum.algorithm === algorithm
  if (isSame && content.in === 'nothing') return { content, sizeBytes, md5: etag, checksum, changes: [] }
  if (isSame && content.in === 'blob') {
    const copy = await copyBlob(s3, content.id)
    return copy && { content: copy, sizeBytes, md5: etag, checksum, changes: wanted(copy) }
  }
  if (isSame && content.in === 'inline') {
    const bytes = await s3.metadata.get<Uint8Array>(inlineKey(content.id))
    const id = s3.newId()
    const changes = [{ put: inlineKey(id), value: bytes?.value }]
    return bytes && { content: { in: 'inline', id }, sizeBytes, md5: etag, checksum, changes }
  }
  const body = await openContent(s3, content, range ?? { start: 0, end: sizeBytes })
  return body && receiveChecked(s3, { Body: body }, algorithm)
}

async function copyBlob({ blobs }: S3, id: string): Promise<Content | undefined> {
  try {
    return { in: 'blob', id: await blobs.copy(id) }
  } catch (error) {
    if (isEngineError(error, 'NoSuchBlob')) return undefined
    throw error
  }
}
