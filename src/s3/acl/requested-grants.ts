import { accessDenied, invalidArgument, invalidRequest, malformedAcl } from '../exceptions.ts'
import { unexpectedContent, unresolvableEmailAddress } from './acl-exceptions.ts'
import {
  cannedGrants,
  canonicalIdOf,
  GROUPS,
  type Grant,
  PERMISSIONS,
  type Permission,
  toGroup,
  toUser,
} from './acl-grants.ts'

/** How a request says who may do what: by a list's name, by headers, or by a document. */
export interface AclInput {
  readonly ACL?: string | undefined
  readonly GrantFullControl?: string | undefined
  readonly GrantRead?: string | undefined
  readonly GrantReadACP?: string | undefined
  readonly GrantWrite?: string | undefined
  readonly GrantWriteACP?: string | undefined
  readonly AccessControlPolicy?: AccessControlPolicy | undefined
}

/** As it came: nothing of it is checked. */
interface AccessControlPolicy {
  readonly Owner?: { readonly ID?: string | undefined } | undefined
  readonly Grants?: readonly GivenGrant[] | undefined
}
interface GivenGrantee {
  readonly Type?: string | undefined
  readonly ID?: string | undefined
  readonly URI?: string | undefined
}
interface GivenGrant {
  readonly Grantee?: GivenGrantee | undefined
  readonly Permission?: string | undefined
}

const HEADERS = [
  ['GrantRead', 'x-amz-grant-read', 'READ'],
  ['GrantWrite', 'x-amz-grant-write', 'WRITE'],
  ['GrantReadACP', 'x-amz-grant-read-acp', 'READ_ACP'],
  ['GrantWriteACP', 'x-amz-grant-write-acp', 'WRITE_ACP'],
  ['GrantFullControl', 'x-amz-grant-full-control', 'FULL_CONTROL'],
] as const

/** Whether anything is said of who may do what. */
export const saysAcl = (input: AclInput): boolean =>
  input.ACL !== undefined || HEADERS.some(([member]) => input[member] !== undefined)

/**
 * The list that a request asks for, of what belongs to `account`; undefined if it asks for none. Throws for two ways at
 * once, and for what is no grant.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketAcl.html
 */
export function requestedGrants(input: AclInput, account: string): readonly Grant[] | undefined {
  const { ACL: canned, AccessControlPolicy: policy } = input
  const headers = HEADERS.flatMap(([member, header, permission]) => {
    const value = input[member]
    return value === undefined ? [] : [{ header, permission, value }]
  })
  if (canned !== undefined && headers.length > 0)
    throw invalidRequest('Specifying both Canned ACLs and Header Grants is not allowed')
  if (saysAcl(input) && policy !== undefined) throw unexpectedContent()
  if (canned !== undefined) {
    const grants = cannedGrants(canned, account)
    if (!grants) throw invalidArgument('', 'x-amz-acl', canned)
    return grants
  }
  if (headers.length > 0) return headers.flatMap(grantsOfHeader)
  return policy && grantsOfPolicy(policy, account)
}

interface GrantHeader {
  readonly header: string
  readonly permission: Permission
  readonly value: string
}

const grantsOfHeader = ({ header, permission, value }: GrantHeader): Grant[] =>
  value.split(',').map((item) => {
    const [, kind, name = ''] = /^\s*(id|uri|emailAddress)\s*=\s*"?([^"]*)"?\s*$/i.exec(item) ?? []
    if (kind === undefined) throw invalidArgument('Argument format not recognized', header, item)
    if (kind.toLowerCase() === 'emailaddress') throw unresolvableEmailAddress()
    return kind.toLowerCase() === 'id'
      ? userGrant(name, permission, 'id')
      : groupGrant(name, permission, 'uri')
  })

function userGrant(id: string, permission: Permission, argument: string): Grant {
  if (!/^[0-9a-f]{64}$/.test(id)) throw invalidArgument('Invalid id', argument, id)
  return toUser(id, permission)
}

function groupGrant(uri: string, permission: Permission, argument: string): Grant {
  if (!GROUPS.includes(uri)) throw invalidArgument('Invalid group uri', argument, uri)
  return toGroup(uri, permission)
}

const isPermission = (text: string | undefined): text is Permission =>
  PERMISSIONS.some((permission) => permission === text)

function grantsOfPolicy({ Owner: owner, Grants: grants }: AccessControlPolicy, account: string): Grant[] {
  if (!grants) throw malformedAcl()
  if (owner?.ID !== undefined && owner.ID !== canonicalIdOf(account)) throw accessDenied()
  return grants.map(({ Grantee: { Type, ID = '', URI = '' } = {}, Permission: permission }) => {
    if (!isPermission(permission)) throw malformedAcl()
    if (Type === 'CanonicalUser') return userGrant(ID, permission, 'CanonicalUser/ID')
    if (Type === 'Group') return groupGrant(URI, permission, 'Group/URI')
    if (Type === 'AmazonCustomerByEmail') throw unresolvableEmailAddress()
    throw malformedAcl()
  })
}
