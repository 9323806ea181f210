import { createHash } from 'node:crypto'
import { CHECKSUM_ALGORITHMS } from '../checksums/checksum.ts'
import { type ChecksumMembers, memberOf } from '../checksums/members.ts'
import {
  badDigest,
  entityTooSmall,
  invalidArgument,
  invalidPart,
  invalidPartOrder,
  invalidRequest,
  malformedXml,
} from '../exceptions.ts'
import { unquoted } from '../objects/precondition.ts'
import type { Part, Upload } from './multipart-upload.ts'

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
  readonly checksum: Upload['checksum']
}

/** The parts that an upload is completed with; throws S3's refusals. */
export function chosenParts({ uploadId, named, uploaded, checksum }: Completion): readonly Part[] {
  if (named.length === 0 || named.length > MAX_PART_NUMBER) throw malformedXml()
  const tooLow = named.find(({ PartNumber }) => PartNumber !== undefined && PartNumber < 1)
  if (tooLow) throw invalidArgument('PartNumber must be >= 1', 'PartNumber', String(tooLow.PartNumber))
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
  { algorithm, type, isDefault }: Upload['checksum'],
): Part {
  const { PartNumber: partNumber, ETag: etag } = name
  const part = uploaded.get(partNumber!)
  const notThere = () =>
    invalidPart({ UploadId: uploadId, PartNumber: String(partNumber), ETag: unquoted(etag!) })
  if (part?.etag !== unquoted(etag!)) throw notThere()
  const other = CHECKSUM_ALGORITHMS.find((each) => each !== algorithm && name[memberOf(each)] !== undefined)
  if (other && isDefault) throw notThere()
  if (other)
    throw badDigest(
      `The ${other.toLowerCase()} you specified for part ${partNumber} did not match what we received.`,
    )
  const value = name[memberOf(algorithm)]
  if (value === undefined && type === 'COMPOSITE')
    throw invalidRequest(
      `The upload was created using a ${algorithm.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${partNumber} in the request.`,
    )
  if (value !== undefined && value !== part.checksum) throw notThere()
  return part
}

/** The MD5 of the parts' MD5s, and how many they are. */
export function etagOfParts(etags: readonly string[]): string {
  const hash = createHash('md5')
  for (const etag of etags) hash.update(Buffer.from(etag, 'hex'))
  return `${hash.digest('hex')}-${etags.length}`
}
