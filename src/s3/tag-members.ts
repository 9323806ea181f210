import { asPayload, inHeader, list, named, required, string, structure } from '../service/shape.ts'
import { malformedXml } from './exceptions.ts'
import { checksumAlgorithm } from './object-members.ts'
import type { Tag } from './tags.ts'

export const tag = structure({ Key: required(string()), Value: required(string()) })
export const tagSet = list(named('Tag', tag))

/** What PutBucketTagging and PutObjectTagging are sent with. */
export const taggingInput = {
  ContentMD5: inHeader('Content-MD5', string()),
  ChecksumAlgorithm: inHeader('x-amz-sdk-checksum-algorithm', checksumAlgorithm),
  Tagging: asPayload(named('Tagging', required(structure({ TagSet: required(tagSet) })))),
}

export function tagSetOf({
  Tagging: tagging,
}: {
  readonly Tagging?: { readonly TagSet?: readonly Tag[] }
}): readonly Tag[] {
  if (!tagging?.TagSet) throw malformedXml()
  return tagging.TagSet
}
