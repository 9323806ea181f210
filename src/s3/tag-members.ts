import { asPayload, inHeader, list, named, required, string, structure } from '../service/shape.ts'
import { checksumAlgorithm } from './shapes.ts'
import type { Tag } from './tags.ts'

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
