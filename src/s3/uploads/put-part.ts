import { untilCommitted } from '../../engine/ports/update.ts'
import { inQuery, integer, required } from '../../service/shape.ts'
import { discarded } from '../content/garbage.ts'
import { type Part, partDocument } from '../content/part.ts'
import { currentDocument, partKey } from '../documents.ts'
import { invalidArgument } from '../exceptions.ts'
import { type Committing, givingBack } from '../objects/commit.ts'
import type { ContentCopy } from '../objects/copy.ts'
import { MAX_PART_NUMBER, openUpload, type UploadInput, uploadInput } from './multipart-upload.ts'

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
  ports: Committing & { readonly nowSecond: () => number },
  input: UploadInput & { readonly PartNumber: number },
  { content, sizeBytes, md5, checksum, changes }: ContentCopy,
): Promise<Part> {
  const part: Part = {
    partNumber: input.PartNumber,
    sizeBytes,
    etag: md5,
    lastModified: ports.nowSecond(),
    checksum: checksum.value,
    content,
  }
  await givingBack(ports, content, () =>
    untilCommitted(async () => {
      const upload = await openUpload(ports, input)
      const key = partKey(upload.value.id, part.partNumber)
      const { value: earlier, revision } = await currentDocument(ports.metadata, partDocument, key)
      await ports.metadata.commit([
        { put: key, value: part, ...(revision !== undefined && { expect: revision }) },
        { check: upload.key, expect: upload.revision },
        ...changes,
        ...discarded(earlier?.content, ports.newId),
      ])
    }),
  )
  ports.collector.wake()
  return part
}
