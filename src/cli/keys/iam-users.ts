import { CommandFailure } from '../command.ts'

/** Calls an operation of IAM. Rejects with a CommandFailure for what IAM refuses. */
export type CallIam = <T>(operation: string, input: object) => Promise<T>

/** Users below it are ours to make, and their keys close a server. */
const Path = '/standpipe/'
const ADMIN = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
})

interface Wanted {
  readonly name: string
  readonly isAdmin: boolean
  /** A policy document. */
  readonly policy: string | undefined
}

/**
 * Makes a key for a user of that name, which is made where there is none. What fails leaves neither a user without a key,
 * nor a user whose other keys may do more than before.
 */
export async function addKey(call: CallIam, { name: UserName, isAdmin, policy }: Wanted) {
  const known = await userNamed(call, UserName)
  if (!known) await call('CreateUser', { UserName, Path })
  else await requireRoom(call, UserName)
  let AccessKeyId: string | undefined
  try {
    const { AccessKey } = await call<{ AccessKey: { AccessKeyId: string; SecretAccessKey: string } }>(
      'CreateAccessKey',
      { UserName },
    )
    AccessKeyId = AccessKey.AccessKeyId
    if (policy !== undefined)
      await call('PutUserPolicy', { UserName, PolicyName: 'policy', PolicyDocument: policy })
    if (isAdmin) await call('PutUserPolicy', { UserName, PolicyName: 'admin', PolicyDocument: ADMIN })
    const { SecretAccessKey: secretAccessKey } = AccessKey
    return { name: UserName, accessKeyId: AccessKeyId, secretAccessKey, isNewUser: !known }
  } catch (error) {
    if (AccessKeyId !== undefined) await call('DeleteAccessKey', { UserName, AccessKeyId })
    if (!known) await deleteUser(call, UserName)
    throw error
  }
}

const MOST_KEYS = 2

/** Before anything is changed: a key that cannot be made must not leave its user with other policies. */
async function requireRoom(call: CallIam, UserName: string): Promise<void> {
  const keys = (await keysOf(call, UserName)).map(({ AccessKeyId }) => AccessKeyId)
  if (keys.length < MOST_KEYS) return
  throw new CommandFailure(
    `${UserName} has two keys already, ${keys.join(' and ')}: delete one first ('standpipe keys delete ID'), or take another name`,
  )
}

interface User {
  readonly UserName: string
  readonly Path: string
}

/** Ours of that name. Throws for somebody else's: its keys would not close the server. */
async function userNamed(call: CallIam, name: string): Promise<User | undefined> {
  const all = await usersBelow(call, '/')
  const found = all.find(({ UserName }) => UserName.toLowerCase() === name.toLowerCase())
  if (found && found.Path !== Path)
    throw new CommandFailure(
      `there is an IAM user ${found.UserName} that standpipe keys has not made: take another name`,
    )
  return found
}

async function usersBelow(call: CallIam, PathPrefix: string): Promise<User[]> {
  const users: User[] = []
  for (let Marker: string | undefined, isFirst = true; isFirst || Marker !== undefined; isFirst = false) {
    const page: { Users: User[]; IsTruncated?: boolean; Marker?: string } = await call('ListUsers', {
      PathPrefix,
      ...(Marker !== undefined && { Marker }),
    })
    users.push(...page.Users)
    Marker = page.IsTruncated ? page.Marker : undefined
  }
  return users
}

/** A key, and what its user has. */
export interface ListedKey {
  readonly accessKeyId: string
  readonly name: string
  readonly isActive: boolean
  /** The names of its policies. */
  readonly policies: readonly string[]
  /** ISO 8601. */
  readonly lastUsedAt?: string
}

export async function listKeys(call: CallIam): Promise<ListedKey[]> {
  const keys: ListedKey[] = []
  for (const { UserName: name } of await usersBelow(call, Path)) {
    const policies = await policiesOf(call, name)
    const names = [...policies.inline, ...policies.attached.map(({ PolicyName }) => PolicyName)]
    for (const { AccessKeyId: accessKeyId, Status } of await keysOf(call, name)) {
      const { AccessKeyLastUsed: used } = await call<{ AccessKeyLastUsed?: { LastUsedDate?: Time } }>(
        'GetAccessKeyLastUsed',
        { AccessKeyId: accessKeyId },
      )
      const lastUsedAt = used?.LastUsedDate === undefined ? undefined : isoOf(used.LastUsedDate)
      const isActive = Status === 'Active'
      keys.push({ accessKeyId, name, isActive, policies: names, ...(lastUsedAt && { lastUsedAt }) })
    }
  }
  return keys
}

/** In JSON seconds since 1970; in the same process ms. */
type Time = number | Date
const isoOf = (time: Time): string =>
  new Date(typeof time === 'number' && time < 1e11 ? time * 1000 : time).toISOString()

/** Resolves with how many there are then. A user that has none any more goes, too. */
export async function deleteKey(call: CallIam, AccessKeyId: string): Promise<number> {
  const keys = await listKeys(call)
  const found = keys.find(({ accessKeyId }) => accessKeyId === AccessKeyId)
  if (!found)
    throw new CommandFailure(
      `there is no key ${AccessKeyId} that standpipe keys has made; keys list shows them`,
    )
  const { name: UserName } = found
  await call('DeleteAccessKey', { UserName, AccessKeyId })
  if (!keys.some(({ name, accessKeyId }) => name === UserName && accessKeyId !== AccessKeyId))
    await deleteUser(call, UserName)
  return keys.length - 1
}

async function deleteUser(call: CallIam, UserName: string): Promise<void> {
  const { inline, attached } = await policiesOf(call, UserName)
  for (const PolicyName of inline) await call('DeleteUserPolicy', { UserName, PolicyName })
  for (const { PolicyArn } of attached) await call('DetachUserPolicy', { UserName, PolicyArn })
  await call('DeleteUser', { UserName })
}

async function policiesOf(call: CallIam, UserName: string) {
  const { PolicyNames: inline } = await call<{ PolicyNames: string[] }>('ListUserPolicies', { UserName })
  const { AttachedPolicies: attached } = await call<{
    AttachedPolicies: { PolicyName: string; PolicyArn: string }[]
  }>('ListAttachedUserPolicies', { UserName })
  return { inline, attached }
}

async function keysOf(call: CallIam, UserName: string) {
  const { AccessKeyMetadata } = await call<{
    AccessKeyMetadata: { AccessKeyId: string; Status: string }[]
  }>('ListAccessKeys', { UserName })
  return AccessKeyMetadata
}
