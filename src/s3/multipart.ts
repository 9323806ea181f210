import { createHash } from 'node:crypto'
import { CHECKSUM_ALGORITHMS, type ChecksumAlgorithm } from './checksum.ts'
import { type ChecksumMembers, memberOf } from './checksum-members.ts'
import { entityTooSmall, invalidPart, invalidPartOrder, invalidRequest, malformedXml } from './exceptions.ts'
import { unquoted } from './precondition.ts'
import type { Part } from './upload.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
export const MAX_PART_NUMBER = 10_000
const MIN_PART_BYTES = 5 * 2 ** 20

export interface NamedPart extends ChecksumMembers {
  readonly PartNumber?: number | undefined
  readonly ETag?: string | undefined
}

export interface Completion {
  readonly uploadId: string
  readonly named: readonly NamedPart[]
  readonly uploaded: ReadonlyMap<number, Part>
  /** `mustName`: the client chose a composite checksum and has to repeat each part's. */
  readonly checksum: { readonly algorithm: ChecksumAlgorithm; readonly mustName: boolean }
}

/** The parts that an upload is completed with; throws MalformedXML, InvalidPartOrder, InvalidPart, EntityTooSmall. */
export function chosenParts({ uploadId, named, uploaded, checksum }: Completion): readonly Part[] {
  if (named.length === 0 || named.length > MAX_PART_NUMBER) throw malformedXml()
  if (named.some(({ PartNumber, ETag }) => PartNumber === undefined || ETag === undefined))
    throw malformedXml()
  if (named.some(({ PartNumber }, index) => index > 0 && PartNumber! <= named[index - 1]!.PartNumber!))
    throw invalidPartOrder(uploadId)
  const parts = named.map((name) => partNamed(name, uploadId, uploaded, checksum))
  for (const { partNumber, etag, sizeBytes } of parts.slice(0, -1))
    if (sizeBytes < MIN_PART_BYTES)
      throw entityTooSmall({
        ProposedSize: String(sizeBytes),
        MinSizeAllowed: String(MIN_PART_BYTES),
        PartNumber: String(partNumber),
        ETag: etag,
      })
  return parts
}

function partNamed(
  name: NamedPart,
  uploadId: string,
  uploaded: ReadonlyMap<number, Part>,
  { algorithm, mustName }: Completion['checksum'],
): Part {
  const part = uploaded.get(name.PartNumber!)
  const isPart =
    part?.etag === unquoted(name.ETag!) &&
    CHECKSUM_ALGORITHMS.every((each) => {
      const value = name[memberOf(each)]
      return value === undefined || (each === algorithm && value === part.checksum)
    })
  if (!part || !isPart)
    throw invalidPart({ UploadId: uploadId, PartNumber: String(name.PartNumber), ETag: unquoted(name.ETag!) })
  if (mustName && name[memberOf(algorithm)] === undefined)
    throw invalidRequest(
      `The upload was created using a ${algorithm.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${part.partNumber} in the request.`,
    )
  return part
}

/** The MD5 of the parts' MD5s, and how many they are. */
export function etagOfParts(etags: readonly string[]): string {
  const hash = createHash('md5')
  for (const etag of etags) hash.update(Buffer.from(etag, 'hex'))
  return `${hash.digest('hex')}-${etags.length}`
}
