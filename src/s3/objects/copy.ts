import { type BlobStore, type Change, EngineError, isEngineError } from '../../engine/engine.ts'
import type { Checksum, ChecksumAlgorithm } from '../checksums/checksum.ts'
import { type Content, type ContentStores, contentsOf, wanted } from '../content/content.ts'
import type { ByteRange } from '../content/range.ts'
import type { Intake } from '../content/receive.ts'
import { receiveChecked } from '../content/receive-checked.ts'
import { type Finding, type FoundObject, failedRead, openObject } from './found.ts'
import type { StoredObject } from './stored-object.ts'

/** The same bytes once more, named by nothing yet. */
export interface ContentCopy {
  readonly content: Content
  readonly sizeBytes: number
  readonly md5: string
  readonly checksum: Checksum
  readonly changes: readonly Change[]
}

/** What it takes to read an object and to keep its bytes once more. */
interface Copying extends Finding, ContentStores, Intake {
  readonly blobs: BlobStore
}

/**
 * Copies an object's bytes, or a range of them. They are read, so that no copy is made of what is damaged, but not
 * computed anew when the copy's MD5 and checksum are those of the source: it is whole, was not uploaded in parts, and
 * no other algorithm is asked for. Undefined when the source was replaced meanwhile; throws InternalError when it is
 * damaged.
 */
export async function copyContent(
  ports: Copying,
  source: FoundObject,
  algorithm: ChecksumAlgorithm = source.object.checksum.algorithm,
  range?: ByteRange,
): Promise<ContentCopy | undefined> {
  const { content, sizeBytes, etag, checksum, upload } = source.object
  const isSame = !range && !upload && checksum.algorithm === algorithm
  if (isSame && content.in === 'nothing') return { content, sizeBytes, md5: etag, checksum, changes: [] }
  try {
    const linked = isSame ? await linkedCopy(ports, source.object) : undefined
    if (linked) return linked
    const body = await openObject(ports, source, range ?? { start: 0, end: sizeBytes })
    const copy = body && (await receiveChecked(ports, { Body: body }, algorithm))
    if (!copy || !isSame || copy.md5 === etag) return copy
    if (copy.content.in === 'blob') await ports.blobs.delete(copy.content.id)
    throw new EngineError('Damaged', 'its MD5 is not its ETag any more', 0)
  } catch (error) {
    throw await failedRead(ports, source, error)
  }
}

/** Undefined when it has no checksums to go by, and when it is not there. */
async function linkedCopy(ports: Copying, source: StoredObject): Promise<ContentCopy | undefined> {
  const { content, sizeBytes, etag: md5, checksum } = source
  const contents = content.in === 'blob' ? await contentsOf(ports, content.id, sizeBytes) : undefined
  if (content.in !== 'blob' || !contents?.checksums) return undefined
  try {
    await ports.blobs.verify(content.id, contents)
    const id = await ports.blobs.copy(content.id)
    return { content: { in: 'blob', id }, sizeBytes, md5, checksum, changes: wanted(id, contents) }
  } catch (error) {
    if (isEngineError(error, 'NoSuchBlob')) return undefined
    throw error
  }
}
