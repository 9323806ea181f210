import { isAccountId } from '../service/arn.ts'
import type { Principal } from '../service/principal.ts'
import type { Credential, Credentials } from './credentials.ts'

/** Why a key file cannot be used; one line that says where and what. */
export class KeyFileError extends Error {
  override readonly name = 'KeyFileError'
}

/** A key of a key file, and what it may do: nothing without `policies`. */
export interface FileKey {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Twelve digits; the server's own if absent. */
  readonly account?: string
  /** IAM policy documents, as JSON texts. */
  readonly policies: readonly string[]
}

/** It is part of a credential scope, between slashes and commas. */
const ACCESS_KEY_ID = /^\w{3,128}$/
const SHORTEST_SECRET = 16
const MEMBERS = ['accessKeyId', 'secretAccessKey', 'account', 'policies']

/**
 * `{"keys":[{"accessKeyId","secretAccessKey","account"?,"policies"?:[IAM policy documents]}]}`. Never says a secret.
 * `checkPolicy` throws what is wrong with a document. Throws KeyFileError.
 */
export function parseKeyFile(text: string, checkPolicy: (text: string) => void): FileKey[] {
  const { keys, ...more } = objectAt('the file', json(text))
  refuseStrange('the file', Object.keys(more))
  if (!Array.isArray(keys)) throw new KeyFileError('the file has no list of "keys"')
  const parsed = keys.map((key, index) => keyAt(`keys[${index}]`, key, checkPolicy))
  const ids = parsed.map(({ accessKeyId }) => accessKeyId)
  const twice = ids.find((id, index) => ids.indexOf(id) !== index)
  if (twice !== undefined) throw new KeyFileError(`the access key ${twice} is there twice`)
  return parsed
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // What JSON.parse says quotes the text, which has secrets in it.
    throw new KeyFileError('the file is no JSON')
  }
}

function objectAt(where: string, value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  throw new KeyFileError(`${where} is no object`)
}

function refuseStrange(where: string, names: readonly string[]): void {
  if (names.length > 0) throw new KeyFileError(`${where} has members that mean nothing: ${names.join(', ')}`)
}

function keyAt(where: string, value: unknown, checkPolicy: (text: string) => void): FileKey {
  const key = objectAt(where, value)
  refuseStrange(
    where,
    Object.keys(key).filter((name) => !MEMBERS.includes(name)),
  )
  const { accessKeyId, secretAccessKey, account, policies = [] } = key
  if (typeof accessKeyId !== 'string' || !ACCESS_KEY_ID.test(accessKeyId))
    throw new KeyFileError(`${where}.accessKeyId is no text of 3 to 128 letters, digits and _`)
  if (typeof secretAccessKey !== 'string' || secretAccessKey.length < SHORTEST_SECRET)
    throw new KeyFileError(`${where}.secretAccessKey is no text of at least ${SHORTEST_SECRET} characters`)
  if (account !== undefined && !(typeof account === 'string' && isAccountId(account)))
    throw new KeyFileError(`${where}.account is not twelve digits in quotes`)
  if (!Array.isArray(policies)) throw new KeyFileError(`${where}.policies is no list of policy documents`)
  return {
    accessKeyId,
    secretAccessKey,
    ...(account !== undefined && { account }),
    policies: policies.map((policy, index) => policyAt(`${where}.policies[${index}]`, policy, checkPolicy)),
  }
}

function policyAt(where: string, value: unknown, checkPolicy: (text: string) => void): string {
  const text = JSON.stringify(objectAt(where, value))
  try {
    checkPolicy(text)
    return text
  } catch (error) {
    throw new KeyFileError(`${where}: ${(error as Error).message}`)
  }
}

/** Its keys are users of the account, named like the keys. */
export function credentialsOfFile(keys: readonly FileKey[], ownAccount: string): Credentials {
  const known = new Map(keys.map((key) => [key.accessKeyId, credentialOf(key, ownAccount)]))
  const policies = new Map(keys.map((key) => [key.accessKeyId, key.policies]))
  return {
    find: (accessKeyId) => known.get(accessKeyId),
    policiesOf: ({ accessKeyId }) => ({ identity: policies.get(accessKeyId) ?? [] }),
  }
}

function credentialOf(key: FileKey, ownAccount: string): Credential {
  const { accessKeyId, secretAccessKey, account = ownAccount } = key
  const principal: Principal = {
    kind: 'user',
    account,
    arn: `arn:aws:iam::${account}:user/${accessKeyId}`,
    userId: accessKeyId,
    accessKeyId,
  }
  return { accessKeyId, secretAccessKey, isActive: true, principal }
}
