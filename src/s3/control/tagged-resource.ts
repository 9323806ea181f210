import { parseArn } from '../../service/arn.ts'
import { inHeader, inUri, required, string } from '../../service/shape.ts'
import { type Bucket, type BucketInput, type Requesting, updateBucket } from '../buckets/bucket.ts'
import { invalidRequest, notImplementedFeature } from '../exceptions.ts'
import type { S3 } from '../s3.ts'
import { BUCKET_TAGS, checkedTags, type Tag } from '../tags.ts'

/** What the three calls about tags say about whom and what they mean. */
export const taggedResourceInput = {
  AccountId: inHeader('x-amz-account-id', required(string())),
  ResourceArn: inUri('resourceArn', required(string())),
}

export interface TaggedResourceInput {
  readonly AccountId: string
  readonly ResourceArn: string
}

/** The bucket of an ARN like `arn:aws:s3:::lake`; other resources that have tags at AWS Standpipe has not. */
export function bucketInputOf({ AccountId: account, ResourceArn: arn }: TaggedResourceInput): BucketInput {
  const parts = parseArn(arn)
  if (!parts || !['s3', 's3express', 's3tables', 's3-outposts'].includes(parts.service))
    throw invalidRequest('Invalid Amazon Resource Name (ARN)')
  if (parts.service !== 's3' || parts.account !== '' || parts.resource.includes('/'))
    throw notImplementedFeature(`tags of ${arn}`)
  return { Bucket: parts.resource, ExpectedBucketOwner: account }
}

/** Makes a bucket's tags what `change` says. Throws InvalidTag for what S3 does not take. */
export const updateTags = (
  s3: S3,
  input: TaggedResourceInput,
  caller: Requesting,
  change: (tags: Bucket['tags']) => readonly Tag[],
): Promise<unknown> =>
  updateBucket(s3, bucketInputOf(input), caller, (bucket) => ({
    ...bucket,
    tags: checkedTags(change(bucket.tags), BUCKET_TAGS),
  }))
