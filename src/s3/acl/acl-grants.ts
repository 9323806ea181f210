import { maybe, oneOf, shape, text } from '../../engine/ports/checks.ts'

export const PERMISSIONS = ['FULL_CONTROL', 'WRITE', 'WRITE_ACP', 'READ', 'READ_ACP'] as const
export type Permission = (typeof PERMISSIONS)[number]

/** A line of an access control list. https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html */
export interface Grant {
  /** A user has an ID, a group a URI. */
  readonly Grantee: {
    readonly Type: 'CanonicalUser' | 'Group'
    readonly ID?: string
    readonly URI?: string
  }
  readonly Permission: Permission
}

/** Of one that is kept. */
export const grantCheck = shape<Grant>({
  Grantee: shape<Grant['Grantee']>({
    Type: oneOf('CanonicalUser', 'Group'),
    ...{ ID: maybe(text), URI: maybe(text) },
  }),
  Permission: oneOf(...PERMISSIONS),
})

/** AWS names an owner by 64 hexadecimal digits. */
export const canonicalIdOf = (account: string): string => account.padStart(64, '0')

/** The account that an owner's name is of; undefined for one that is none of this server's. */
export const accountOfId = (id: string): string | undefined => /^0{52}(\d{12})$/.exec(id)?.[1]

export const toUser = (ID: string, permission: Permission): Grant => ({
  Grantee: { ID, Type: 'CanonicalUser' },
  Permission: permission,
})
export const toGroup = (URI: string, permission: Permission): Grant => ({
  Grantee: { URI, Type: 'Group' },
  Permission: permission,
})

export const ALL_USERS = 'http://acs.amazonaws.com/groups/global/AllUsers'
export const AUTHENTICATED_USERS = 'http://acs.amazonaws.com/groups/global/AuthenticatedUsers'
export const LOG_DELIVERY = 'http://acs.amazonaws.com/groups/s3/LogDelivery'
export const GROUPS: readonly string[] = [ALL_USERS, AUTHENTICATED_USERS, LOG_DELIVERY]

/** Of Amazon EC2, which reads bundles. */
const EC2 = '6aa5a366c34c1cbe25dc49211496e913e0351eb0e8c37aa3477e40942ec6b97c'

const CANNED: Readonly<Record<string, readonly Grant[]>> = {
  private: [],
  'public-read': [toGroup(ALL_USERS, 'READ')],
  'public-read-write': [toGroup(ALL_USERS, 'READ'), toGroup(ALL_USERS, 'WRITE')],
  'authenticated-read': [toGroup(AUTHENTICATED_USERS, 'READ')],
  'aws-exec-read': [toUser(EC2, 'READ')],
  // Every object belongs to its bucket's owner, who has it all.
  'bucket-owner-read': [],
  'bucket-owner-full-control': [],
  'log-delivery-write': [toGroup(LOG_DELIVERY, 'WRITE'), toGroup(LOG_DELIVERY, 'READ_ACP')],
}

export const ownersGrants = (account: string): readonly Grant[] => [
  toUser(canonicalIdOf(account), 'FULL_CONTROL'),
]

/** What a canned list stands for; undefined for a name that is none. */
export const cannedGrants = (name: string, account: string): readonly Grant[] | undefined =>
  Object.hasOwn(CANNED, name) ? [...ownersGrants(account), ...CANNED[name]!] : undefined

/** Everything to the owner, and nothing to anybody else. */
export const isOwnersOnly = (grants: readonly Grant[], account: string): boolean =>
  grants.length > 0 &&
  grants.every(
    ({ Grantee, Permission }) => Grantee.ID === canonicalIdOf(account) && Permission === 'FULL_CONTROL',
  )

/** To everybody, or to everybody who has an account anywhere. */
export const isPublicGrant = ({ Grantee }: Grant): boolean =>
  Grantee.URI === ALL_USERS || Grantee.URI === AUTHENTICATED_USERS
