import { shape, text } from '../engine/ports/checks.ts'
import type { ServiceException } from '../service/exception.ts'
import { asPayload, inHeader, list, named, required, string, structure } from '../service/shape.ts'
import { badRequest, invalidArgument, invalidTag, malformedXml } from './exceptions.ts'
import { checksumAlgorithm } from './shapes.ts'

export interface Tag {
  readonly Key: string
  readonly Value: string
}

/** Of one that is kept. */
export const tagCheck = shape<Tag>({ Key: text, Value: text })

export const tag = structure({ Key: required(string()), Value: required(string()) })
export const tagSet = list(named('Tag', tag))

/** What PutBucketTagging and PutObjectTagging are sent with. */
export const taggingInput = {
  ContentMD5: inHeader('Content-MD5', string()),
  ChecksumAlgorithm: inHeader('x-amz-sdk-checksum-algorithm', checksumAlgorithm),
  Tagging: asPayload(named('Tagging', required(structure({ TagSet: required(tagSet) })))),
}

/** None where the TagSet is left out: required by AWS's model, but S3 takes that for an empty one. */
export const tagSetOf = ({
  Tagging: { TagSet: tags = [] },
}: {
  readonly Tagging: { readonly TagSet?: readonly Tag[] | undefined }
}): readonly Tag[] => tags

/** Where S3 differs by what is tagged. */
interface Tagged {
  readonly most: number
  readonly tooMany: () => ServiceException
  /** Of a key that only AWS may use. */
  readonly reserved: (key: string) => ServiceException
}

export const OBJECT_TAGS: Tagged = {
  most: 10,
  tooMany: () => badRequest('Object tags cannot be greater than 10'),
  reserved: (key) => invalidTag('Your TagKey cannot be prefixed with aws:', { TagKey: key }),
}
export const BUCKET_TAGS: Tagged = {
  most: 50,
  tooMany: () => invalidTag('Bucket tag count cannot be greater than 50'),
  reserved: (key) => invalidTag('System tags cannot be added/updated by requester', { TagKey: key }),
}
/** What CreateBucket brings. */
export const NEW_BUCKET_TAGS: Tagged = {
  ...BUCKET_TAGS,
  reserved: () =>
    invalidTag(
      'User-defined tag keys can\'t start with "aws:". This prefix is reserved for system tags. Remove "aws:" from your tag keys and try again.',
    ),
}

const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u

/**
 * Throws InvalidTag for what S3 does not take.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectTagging.html
 */
export function checkedTags(tags: readonly Tag[], { most, tooMany, reserved }: Tagged): readonly Tag[] {
  if (tags.length > most) throw tooMany()
  const keys = new Set<string>()
  for (const { Key, Value } of tags) {
    if (Key === undefined || Value === undefined) throw malformedXml()
    if (Key.length === 0 || Key.length > 128 || !ALLOWED.test(Key))
      throw invalidTag('The TagKey you have provided is invalid', { TagKey: Key })
    if (Value.length > 256 || !ALLOWED.test(Value))
      throw invalidTag('The TagValue you have provided is invalid', { TagKey: Key, TagValue: Value })
    if (Key.startsWith('aws:')) throw reserved(Key)
    if (keys.has(Key)) throw invalidTag('Cannot provide multiple Tags with the same key', { TagKey: Key })
    keys.add(Key)
  }
  return tags.map(({ Key, Value }) => ({ Key, Value }))
}

/** The `x-amz-tagging` header: tags as a query string, in which no `=` of a key or value stands as it is. */
export function parseTagging(header = ''): readonly Tag[] {
  const tags = [...new URLSearchParams(header)].map(([Key, Value]) => ({ Key, Value }))
  const isEncoded = header.split('&').every((tag) => tag.split('=').length <= 2)
  if (!isEncoded || new Set(tags.map(({ Key }) => Key)).size < tags.length)
    throw invalidArgument(
      "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
      'x-amz-tagging',
      header,
    )
  return checkedTags(tags, OBJECT_TAGS)
}
