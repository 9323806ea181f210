import type { Caller } from '../../service/operation.ts'
import type { StreamBody } from '../../service/shape.ts'
import type { AclInput } from '../acl/requested-grants.ts'
import { aclFor } from '../buckets/acl-for.ts'
import { requireBucket } from '../buckets/bucket.ts'
import { expirationAnswer } from '../buckets/lifecycle.ts'
import { type ChecksumAlgorithm, checksumAnswer } from '../checksums/checksum.ts'
import type { Announced } from '../checksums/verification.ts'
import { type Intake, receiveChecked } from '../content/receive.ts'
import { byCaller } from '../notifications/cause.ts'
import type { Tag } from '../tags.ts'
import { admitObject, type Committing, madeVersion, putStoredObject } from './commit.ts'
import type { WriteConditions } from './precondition.ts'
import { checkKey, type DescriptionInput, descriptionOf, quoted } from './stored-object.ts'

/** What it takes to take in an object and to put it. */
type Putting = Committing & Intake & { readonly nowSecond: () => number }

interface NewObject extends DescriptionInput, AclInput, Announced {
  readonly Bucket: string
  readonly Key: string
  readonly ExpectedBucketOwner?: string | undefined
  readonly Body?: StreamBody | undefined
}

interface Put {
  readonly event: 'ObjectCreated:Put' | 'ObjectCreated:Post'
  readonly conditions: WriteConditions
  /** Where they are not said by `Tagging`. */
  readonly tags?: readonly Tag[]
  /** Of the checksum, where its sender gives none. */
  readonly algorithm?: ChecksumAlgorithm | undefined
}

/** Takes in an object and puts it in its place, whole. Returns what is answered to whoever sent it. */
export async function putNewObject(
  s3: Putting,
  input: NewObject,
  caller: Caller,
  { event, conditions, tags, algorithm }: Put,
) {
  const home = (await requireBucket(s3, input, caller)).value
  const { lifecycleRules } = home
  checkKey(input.Key)
  await admitObject(s3, home, input.Key, input.ContentLength ?? 0)
  const described = { ...descriptionOf(input), ...aclFor(home, input) }
  const description = tags ? { ...described, tags } : described
  const { content, sizeBytes, md5, checksum, changes } = await receiveChecked(s3, input, algorithm)
  const { Bucket: bucket, Key: key } = input
  const lastModified = s3.nowSecond()
  const object = { ...description, sizeBytes, etag: md5, lastModified, checksum, content }
  const { version } = await putStoredObject(s3, {
    ...{ bucket, key, object, conditions, also: changes },
    cause: { event, by: byCaller(caller) },
    checkBucket: (bucket) => void aclFor(bucket, input),
  })
  return {
    ...expirationAnswer(lifecycleRules, { ...object, key }),
    ETag: quoted(md5),
    ...checksumAnswer(checksum),
    ...madeVersion(version),
    ServerSideEncryption: 'AES256' as const,
  }
}
