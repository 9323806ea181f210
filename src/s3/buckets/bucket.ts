import { either, list, maybe, number, object, oneOf, shape, text } from '../../engine/ports/checks.ts'
import { document } from '../../engine/ports/document.ts'
import type { Document } from '../../engine/ports/engine.ts'
import { untilCommitted } from '../../engine/ports/update.ts'
import { partitionOf } from '../../service/arn.ts'
import type { Caller } from '../../service/operation.ts'
import { canonicalIdOf, type Grant, grantCheck } from '../acl/acl-grants.ts'
import { type ObjectOwnership, OWNERSHIPS } from '../acl/ownership.ts'
import { bucketKey, bucketsPrefix, type Documents } from '../documents.ts'
import {
  accessDenied,
  invalidBucketName,
  invalidBucketOwner,
  noSuchBucket,
  permanentRedirect,
} from '../exceptions.ts'
import { type Tag, tagCheck } from '../tags.ts'
import type { CorsRule } from './cors-rules.ts'
import { type DefaultEncryption, encryptionCheck } from './default-encryption.ts'
import type { LifecycleRule } from './lifecycle.ts'
import { type Notification, notificationCheck } from './notification.ts'
import { type PublicAccessBlock, publicAccessBlockCheck } from './public-access-block.ts'

export interface Bucket {
  readonly name: string
  /** Tells it from an earlier bucket of the same name. */
  readonly id: string
  readonly account: string
  readonly region: string
  /** As it was said where the bucket was made: `EU` stays `EU`. */
  readonly locationConstraint?: 'EU'
  /** ms since 1970, whole seconds */
  readonly createdAt: number
  readonly tags: readonly Tag[]
  /** Absent: it never had versions, so that its keys have nothing but their objects. */
  readonly versioning?: 'Enabled' | 'Suspended'
  readonly corsRules?: readonly CorsRule[]
  readonly lifecycleRules?: readonly LifecycleRule[]
  /** Kept and answered; there are no transitions that it would hold for. */
  readonly transitionMinimum?: 'varies_by_storage_class' | 'all_storage_classes_128K'
  /** JSON, as it was put. */
  readonly policy?: string
  /** Absent: all of it. `none`: it was deleted. */
  readonly publicAccessBlock?: PublicAccessBlock | 'none'
  /** What its objects and uploads may take at most; ours, and set by our own API. */
  readonly quotaBytes?: number
  /** Absent: it is the bucket owner's. `none`: its controls were deleted. */
  readonly ownership?: ObjectOwnership | 'none'
  /** Absent: everything to the owner. */
  readonly grants?: readonly Grant[]
  /** Absent: as S3 does it by default. */
  readonly encryption?: DefaultEncryption
  /** Absent: nothing was ever said of it. */
  readonly acceleration?: 'Suspended'
  /** Absent: nobody is told of anything. */
  readonly notifications?: readonly Notification[]
  /** Someone means to delete it; see delete-bucket.ts. */
  readonly isDeleting?: true
}

export const bucketDocument = document<Bucket>({
  keys: bucketsPrefix,
  version: 1,
  check: shape<Bucket>({
    ...{ name: text, id: text, account: text, region: text, createdAt: number, tags: list(tagCheck) },
    versioning: maybe(oneOf('Enabled', 'Suspended')),
    locationConstraint: maybe(oneOf('EU')),
    ...{ corsRules: maybe(list(object<CorsRule>())), lifecycleRules: maybe(list(object<LifecycleRule>())) },
    transitionMinimum: maybe(oneOf('varies_by_storage_class', 'all_storage_classes_128K')),
    policy: maybe(text),
    publicAccessBlock: maybe(either(oneOf('none'), publicAccessBlockCheck)),
    quotaBytes: maybe(number),
    ownership: maybe(oneOf(...OWNERSHIPS, 'none')),
    grants: maybe(list(grantCheck)),
    encryption: maybe(encryptionCheck),
    acceleration: maybe(oneOf('Suspended')),
    notifications: maybe(list(notificationCheck)),
    isDeleting: maybe(oneOf(true)),
  }),
})

/** What every request on a bucket says about it. */
export interface BucketInput {
  readonly Bucket: string
  readonly ExpectedBucketOwner?: string | undefined
}

/** Whoever may be judged was judged. */
export type Requesting = Pick<Caller, 'account' | 'judge' | 'signedRegion'> & Partial<Pick<Caller, 'url'>>

/** Whoever only asks for what is the same in every region. */
export const fromAnywhere = (caller: Requesting): Requesting => ({ ...caller, signedRegion: undefined })

export async function findBucket(ports: Documents, name: string): Promise<Document<Bucket>> {
  if (!isBucketName(name)) throw invalidBucketName(name)
  const bucket = await bucketDocument.get(ports.metadata, bucketKey(name))
  if (!bucket) throw noSuchBucket(name)
  return bucket
}

/**
 * The bucket, if the caller's account owns it, or if policies were asked; throws InvalidBucketOwnerAWSAccountID,
 * NoSuchBucket, InvalidBucketName, PermanentRedirect or AccessDenied.
 */
export async function requireBucket(
  ports: Documents,
  { Bucket: name, ExpectedBucketOwner: expectedOwner }: BucketInput,
  caller: Requesting,
): Promise<Document<Bucket>> {
  if (expectedOwner !== undefined && !/^\d{12}$/.test(expectedOwner)) throw invalidBucketOwner(expectedOwner)
  const bucket = await findBucket(ports, name)
  const { account, region } = bucket.value
  if (!isSignedFor(region, caller)) throw permanentRedirect(name, region, caller.url)
  const isForeign = account !== caller.account && !caller.judge
  if (isForeign || (expectedOwner !== undefined && expectedOwner !== account)) throw accessDenied()
  return bucket
}

/** What names no region of AWS's form (`US`, `auto`, `0`) is of a client that knows none. */
const isSignedFor = (region: string, { signedRegion }: Pick<Requesting, 'signedRegion'>): boolean =>
  signedRegion === undefined || signedRegion === region || !REGION.test(signedRegion)

/** The form of AWS's regions. */
export const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/

/**
 * The bucket as a commit that puts something into it must find it again (`check` its revision). Ends an attempt to
 * delete the bucket, which then notices. Rejects with Conflict like a commit.
 */
export async function openBucket(ports: Documents, name: string): Promise<Document<Bucket>> {
  const bucket = await findBucket(ports, name)
  if (!bucket.value.isDeleting) return bucket
  const { isDeleting: _, ...value } = bucket.value
  const revision = await ports.metadata.commit([{ put: bucket.key, value, expect: bucket.revision }])
  return { key: bucket.key, value, revision }
}

/** Changes what is said about a bucket, again until nobody was faster. */
export const updateBucket = (
  ports: Documents,
  input: BucketInput,
  caller: Requesting,
  change: (bucket: Bucket) => Bucket,
): Promise<unknown> =>
  untilCommitted(async () => {
    const { key, value, revision } = await requireBucket(ports, input, caller)
    return ports.metadata.commit([{ put: key, value: change(value), expect: revision }])
  })

/** A bucket's region as LocationConstraint names it: us-east-1 has none. */
export const locationOf = ({ region, locationConstraint }: Bucket): string =>
  locationConstraint ?? (region === 'us-east-1' ? '' : region)

export const arnOf = ({ name, region }: Pick<Bucket, 'name' | 'region'>): string =>
  `arn:${partitionOf(region)}:s3:::${name}`

export const ownerOf = ({ account }: Pick<Bucket, 'account'>) => ({ ID: canonicalIdOf(account) })

/** Who began an upload; of all whom S3 names, only they still have a DisplayName. */
export const initiatorOf = (bucket: Bucket) => ({ ...ownerOf(bucket), DisplayName: bucket.account })

const RESERVED_PREFIXES = ['xn--', 'sthree-', 'amzn-s3-demo-']
const RESERVED_SUFFIXES = ['-s3alias', '--ol-s3', '.mrap', '--x-s3', '--table-s3']

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
export const isBucketName = (name: string): boolean =>
  /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) &&
  !name.includes('..') &&
  !/^\d+\.\d+\.\d+\.\d+$/.test(name) &&
  !RESERVED_PREFIXES.some((prefix) => name.startsWith(prefix)) &&
  !RESERVED_SUFFIXES.some((suffix) => name.endsWith(suffix))
