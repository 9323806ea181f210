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
  type TypeOf,
} from '../../service/shape.ts'
import { accessControlListNotSupported, malformedAcl } from '../exceptions.ts'
import { checksumAlgorithm, grantHeaders, owner } from '../shapes.ts'
import { type Bucket, ownerOf } from './bucket.ts'

const grant = structure({
  Grantee: structure({
    DisplayName: string(),
    EmailAddress: string(),
    ID: string(),
    Type: inAttribute('xsi:type', required(oneOf('CanonicalUser', 'AmazonCustomerByEmail', 'Group'))),
    URI: string(),
  }),
  Permission: oneOf('FULL_CONTROL', 'WRITE', 'WRITE_ACP', 'READ', 'READ_ACP'),
})
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

/**
 * Access control lists are off, as in every bucket that AWS makes since 2023: whatever is asked about, its bucket's
 * owner may do everything and nobody else anything.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
 */
export function ownersAcl(bucket: Bucket) {
  const owner = ownerOf(bucket)
  return {
    Owner: owner,
    Grants: [{ Grantee: { ...owner, Type: 'CanonicalUser' as const }, Permission: 'FULL_CONTROL' as const }],
  }
}

/** Nothing to change: takes the list that there is, and throws AccessControlListNotSupported for any other. */
export function checkOwnersAcl(bucket: Bucket, { ACL: canned, AccessControlPolicy: policy }: AclInput): void {
  if (canned === undefined && policy === undefined) throw malformedAcl()
  if (policy === undefined) return
  const { ID: id } = ownerOf(bucket)
  const isOwners =
    (policy.Owner?.ID ?? id) === id &&
    policy.Grants?.length === 1 &&
    policy.Grants[0]?.Grantee?.ID === id &&
    policy.Grants[0].Permission === 'FULL_CONTROL'
  if (!isOwners) throw accessControlListNotSupported()
}

interface AclInput {
  readonly ACL?: string | undefined
  readonly AccessControlPolicy?: TypeOf<typeof accessControlPolicy> | undefined
}
