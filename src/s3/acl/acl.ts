import {
  asPayload,
  inAttribute,
  inHeader,
  list,
  named,
  oneOf,
  required,
  string,
  structure,
} from '../../service/shape.ts'
import { accessControlListNotSupported, accessDenied, malformedAcl } from '../exceptions.ts'
import { checksumAlgorithm, grantHeaders, owner } from '../shapes.ts'
import {
  canonicalIdOf,
  type Grant,
  isOwnersOnly,
  isPublicGrant,
  ownersGrants,
  PERMISSIONS,
} from './acl-grants.ts'
import { hasAcls, type ObjectOwnership } from './ownership.ts'
import { type AclInput, requestedGrants } from './requested-grants.ts'

export const grantee = structure({
  DisplayName: string(),
  EmailAddress: string(),
  ID: string(),
  Type: inAttribute('xsi:type', required(oneOf('CanonicalUser', 'AmazonCustomerByEmail', 'Group'))),
  URI: string(),
})
const grant = structure({ Grantee: grantee, Permission: oneOf(...PERMISSIONS) })
const grants = named('AccessControlList', list(named('Grant', grant)))

/** What GetBucketAcl and GetObjectAcl answer. */
export const aclOutput = { Owner: owner, Grants: grants }

/** A DisplayName that a client was once told may come back. */
const accessControlPolicy = structure({
  Grants: grants,
  Owner: structure({ DisplayName: string(), ID: string() }),
})

/** What PutBucketAcl and PutObjectAcl are sent with. */
export const aclInput = {
  ...grantHeaders,
  AccessControlPolicy: asPayload(named('AccessControlPolicy', accessControlPolicy)),
  ContentMD5: inHeader('Content-MD5', string()),
  ChecksumAlgorithm: inHeader('x-amz-sdk-checksum-algorithm', checksumAlgorithm),
  GrantWrite: inHeader('x-amz-grant-write', string()),
}

/** What of a bucket decides about its own list and those of its objects. */
export interface AclBucket {
  readonly account: string
  readonly ownership?: ObjectOwnership | 'none'
  readonly grants?: readonly Grant[]
}

/** What may be kept from being public. */
interface Blocking {
  readonly BlockPublicAcls: boolean
}

/**
 * The list of a bucket, or of one of its objects. Where lists are off, its bucket's owner may do everything and nobody
 * else anything, whatever was written before; so it is where nothing was written.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
 */
export const aclOf = (bucket: AclBucket, given: readonly Grant[] | undefined) => ({
  Owner: { ID: canonicalIdOf(bucket.account) },
  Grants: [...grantsOf(bucket, given)],
})

export const grantsOf = (bucket: AclBucket, given: readonly Grant[] | undefined): readonly Grant[] =>
  (hasAcls(bucket) && given) || ownersGrants(bucket.account)

/**
 * The list that a request writes, undefined if that is what there is without one. Throws AccessControlListNotSupported
 * where lists are off, and AccessDenied for a public one while those are blocked.
 */
export function grantsFor(
  bucket: AclBucket,
  block: Blocking | undefined,
  input: AclInput,
): readonly Grant[] | undefined {
  const grants = requestedGrants(input, bucket.account)
  if (!grants) return undefined
  const isOwners = isOwnersOnly(grants, bucket.account)
  if (!hasAcls(bucket) && !isOwners) throw accessControlListNotSupported()
  if (block?.BlockPublicAcls && grants.some(isPublicGrant)) throw accessDenied()
  return isOwners ? undefined : grants
}

/** As `grantsFor`, of a request that does nothing else: it has to say something. */
export function writtenGrants(
  bucket: AclBucket,
  block: Blocking | undefined,
  input: AclInput,
): readonly Grant[] | undefined {
  if (requestedGrants(input, bucket.account) === undefined) throw malformedAcl()
  return grantsFor(bucket, block, input)
}
