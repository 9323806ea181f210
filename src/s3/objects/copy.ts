import { type Change, EngineError, isEngineError } from '../../engine/engine.ts'
import type { Checksum, ChecksumAlgorithm } from '../checksums/checksum.ts'
import { type Content, contentsOf, wanted } from '../content/content.ts'
import type { ByteRange } from '../content/range.ts'
import { receiveChecked } from '../content/receive-checked.ts'
import type { S3 } from '../s3.ts'
import { type FoundObject, failedRead, openObject } from './found.ts'
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
 * Copies an object's bytes, or a range of them. They are read, so that no copy is made of what is damaged, but not
 * computed anew when the copy's MD5 and checksum are those of the source: it is whole, was not uploaded in parts, and
 * no other algorithm is asked for. Undefined when the source was replaced meanwhile; throws InternalError when it is
 * damaged.
 */
export async function copyContent(
  s3: S3,
  source: FoundObject,
  algorithm: ChecksumAlgorithm = source.object.checksum.algorithm,
  range?: ByteRange,
): Promise<ContentCopy | undefined> {
  const { content, sizeBytes, etag, checksum, upload } = source.object
  const isSame = !range && !upload && checksum.algorithm === algorithm
  if (isSame && content.in === 'nothing') return { content, sizeBytes, md5: etag, checksum, changes: [] }
  try {
    const linked = isSame ? await linkedCopy(s3, source.object) : undefined
    if (linked) return linked
    const body = await openObject(s3, source, range ?? { start: 0, end: sizeBytes })
    const copy = body && (await receiveChecked(s3, { Body: body }, algorithm))
    if (!copy || !isSame || copy.md5 === etag) return copy
    if (copy.content.in === 'blob') await s3.blobs.delete(copy.content.id)
    throw new EngineError('Damaged', 'its MD5 is not its ETag any more', 0)
  } catch (error) {
    throw await failedRead(s3, source, error)
  }
}

/** Undefined when it has no checksums to go by, and when it is not there. */
async function linkedCopy(s3: S3, source: StoredObject): Promise<ContentCopy | undefined> {
  const { content, sizeBytes, etag: md5, checksum } = source
  const contents = content.in === 'blob' ? await contentsOf(s3, content.id, sizeBytes) : undefined
  if (content.in !== 'blob' || !contents?.checksums) return undefined
  try {
    await s3.blobs.verify(content.id, contents)
    const id = await s3.blobs.copy(content.id)
    return { content: { in: 'blob', id }, sizeBytes, md5, checksum, changes: wanted(id, contents) }
  } catch (error) {
    if (isEngineError(error, 'NoSuchBlob')) return undefined
    throw error
  }
}
