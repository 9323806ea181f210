import { badRequest, invalidArgument, invalidTag, malformedXml } from './exceptions.ts'

export interface Tag {
  readonly Key: string
  readonly Value: string
}

export const MAX_OBJECT_TAGS = 10
export const MAX_BUCKET_TAGS = 50

const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u

/**
 * Throws InvalidTag for what S3 does not take.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectTagging.html
 */
export function checkedTags(tags: readonly Tag[], most: number): readonly Tag[] {
  if (tags.length > most)
    throw most === MAX_OBJECT_TAGS
      ? badRequest('Object tags cannot be greater than 10')
      : invalidTag('Bucket tag count cannot be greater than 50')
  for (const { Key, Value } of tags) {
    if (Key === undefined || Value === undefined) throw malformedXml()
    if (Key.length === 0 || Key.length > 128 || !ALLOWED.test(Key))
      throw invalidTag('The TagKey you have provided is invalid')
    if (Value.length > 256 || !ALLOWED.test(Value))
      throw invalidTag('The TagValue you have provided is invalid')
    if (Key.startsWith('aws:')) throw invalidTag('System tags cannot be added/updated by requester')
  }
  if (new Set(tags.map(({ Key }) => Key)).size < tags.length)
    throw invalidTag('Cannot provide multiple Tags with the same key')
  return tags.map(({ Key, Value }) => ({ Key, Value }))
}

/** The `x-amz-tagging` header: tags as a query string. */
export function parseTagging(header = ''): readonly Tag[] {
  const tags = [...new URLSearchParams(header)].map(([Key, Value]) => ({ Key, Value }))
  if (new Set(tags.map(({ Key }) => Key)).size < tags.length)
    throw invalidArgument(
      "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
      'x-amz-tagging',
      header,
    )
  return checkedTags(tags, MAX_OBJECT_TAGS)
}
