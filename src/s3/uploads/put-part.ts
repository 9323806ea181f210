import { untilCommitted } from '../../engine/update.ts'
import { inQuery, integer, required, string } from '../../service/shape.ts'
import { discarded } from '../content/garbage.ts'
import { currentDocument } from '../current-document.ts'
import { partKey } from '../documents.ts'
import { invalidArgument } from '../exceptions.ts'
import { givingBack } from '../objects/commit.ts'
import type { ContentCopy } from '../objects/copy.ts'
import type { S3 } from '../s3.ts'
import { objectInput } from '../shapes.ts'
import { MAX_PART_NUMBER } from './chosen-parts.ts'
import { openUpload, type Part, type UploadInput } from './multipart-upload.ts'

export const uploadInput = { ...objectInput, UploadId: inQuery('uploadId', required(string())) }
export const partInput = { ...uploadInput, PartNumber: inQuery('partNumber', required(integer())) }

export function checkPartNumber(partNumber: number): void {
  if (!(partNumber >= 1 && partNumber <= MAX_PART_NUMBER))
    throw invalidArgument(
      `Part number must be an integer between 1 and ${MAX_PART_NUMBER}, inclusive`,
      'partNumber',
      String(partNumber),
    )
}

/** Makes what was received a part of its upload, in place of an earlier part of that number. */
export async function putPart(
  s3: S3,
  input: UploadInput & { readonly PartNumber: number },
  { content, sizeBytes, md5, checksum, changes }: ContentCopy,
): Promise<Part> {
  const part: Part = {
    partNumber: input.PartNumber,
    sizeBytes,
    etag: md5,
    lastModified: s3.nowSecond(),
    checksum: checksum.value,
    content,
  }
  await givingBack(s3, content, () =>
    untilCommitted(async () => {
      const upload = await openUpload(s3, input)
      const key = partKey(upload.value.id, part.partNumber)
      const { value: earlier, revision } = await currentDocument<Part>(s3.metadata, key)
      await s3.metadata.commit([
        { put: key, value: part, ...(revision !== undefined && { expect: revision }) },
        { check: upload.key, expect: upload.revision },
        ...changes,
        ...discarded(earlier?.content, s3.newId),
      ])
    }),
  )
  s3.collector.wake()
  return part
}
