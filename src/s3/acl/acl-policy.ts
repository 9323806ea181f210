import { type AclBucket, grantsOf } from './acl.ts'
import {
  ALL_USERS,
  AUTHENTICATED_USERS,
  accountOfId,
  type Grant,
  isPublicGrant,
  type Permission,
} from './acl-grants.ts'
import { hasAcls } from './ownership.ts'

type Actions = Readonly<Record<Permission, readonly string[]>>

/** What a list's permission is in the words of policies. */
const BUCKET_ACTIONS: Actions = {
  READ: ['s3:ListBucket', 's3:ListBucketVersions', 's3:ListBucketMultipartUploads'],
  WRITE: ['s3:PutObject'],
  READ_ACP: ['s3:GetBucketAcl'],
  WRITE_ACP: ['s3:PutBucketAcl'],
  FULL_CONTROL: [],
}
const OBJECT_ACTIONS: Actions = {
  READ: ['s3:GetObject', 's3:GetObjectVersion'],
  WRITE: [],
  READ_ACP: ['s3:GetObjectAcl', 's3:GetObjectVersionAcl'],
  WRITE_ACP: ['s3:PutObjectAcl', 's3:PutObjectVersionAcl'],
  FULL_CONTROL: [],
}

interface AclTarget {
  readonly bucket: AclBucket
  /** Whether grants to everybody count for nothing. */
  readonly isIgnoringPublic: boolean
  /** Of the object that the access is to, if it is there. */
  readonly object?: { readonly grants?: readonly Grant[] } | undefined
}

/**
 * What the lists of a bucket and of an object allow for one access, as a policy; undefined for nothing. What they give the owner is
 * what its own account's policies decide about.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#permissions
 */
export function aclPolicyOf({ bucket, isIgnoringPublic, object }: AclTarget): string | undefined {
  if (!hasAcls(bucket)) return undefined
  const allowed = (grants: readonly Grant[] | undefined, actions: Actions) =>
    grantsOf(bucket, grants)
      .filter((grant) => !(isIgnoringPublic && isPublicGrant(grant)))
      .flatMap((grant) => statementOf(grant, actions, bucket.account) ?? [])
  const Statement = [
    ...allowed(bucket.grants, BUCKET_ACTIONS),
    ...(object ? allowed(object.grants, OBJECT_ACTIONS) : []),
  ]
  return Statement.length > 0 ? JSON.stringify({ Version: '2012-10-17', Statement }) : undefined
}

function statementOf({ Grantee, Permission: permission }: Grant, actions: Actions, owner: string) {
  const Principal = principalOf(Grantee, owner)
  const Action = permission === 'FULL_CONTROL' ? Object.values(actions).flat() : actions[permission]
  if (!Principal || Action.length === 0) return undefined
  return {
    ...{ Effect: 'Allow', Principal, Action, Resource: '*' },
    // Nobody who did not sign has an account.
    ...(Grantee.URI === AUTHENTICATED_USERS && { Condition: { Null: { 'aws:PrincipalAccount': 'false' } } }),
  }
}

function principalOf({ ID, URI }: Grant['Grantee'], owner: string): unknown {
  if (URI === ALL_USERS || URI === AUTHENTICATED_USERS) return '*'
  const account = ID === undefined ? undefined : accountOfId(ID)
  return account === undefined || account === owner ? undefined : { AWS: account }
}
