import { accessKeyIdOf } from '../../auth/unique-id.ts'
import type { Change, Document } from '../../engine/ports/engine.ts'
import { type EntityRef, type User, users } from '../entities/entity.ts'
import { changeTogether } from '../entities/store.ts'
import { accessKeyNotFound, quotaExceeded } from '../exceptions.ts'
import type { Iam } from '../iam.ts'
import { type AccessKey, accessKeyDocument, accessKeyKey, lastUseKey } from './access-key.ts'
import { unusableKeys } from './unusable.ts'

const MOST_KEYS = 2

export interface MadeKey {
  readonly accessKeyId: string
  /** Forty characters; said once, and never again. */
  readonly secretAccessKey: string
  readonly key: AccessKey
}

/** Throws NoSuchEntity, or LimitExceeded. */
export async function makeAccessKey(iam: Iam, ref: EntityRef): Promise<MadeKey> {
  const { random, secrets, clock } = iam
  const accessKeyId = accessKeyIdOf('AKIA', ref.account, random)
  const secretAccessKey = Buffer.from(random.bytes(30)).toString('base64')
  const put = accessKeyKey(accessKeyId)
  const sealedSecret = secrets.seal(Buffer.from(secretAccessKey), put)
  let made: AccessKey | undefined
  await changeTogether(iam, users, ref, async (user) => {
    const { accessKeys = [], name: userName, id: userId } = user
    if (accessKeys.length >= MOST_KEYS) throw quotaExceeded('AccessKeysPerUser', MOST_KEYS)
    made = { account: ref.account, userName, userId, isActive: true, createdAt: clock.now(), sealedSecret }
    return {
      value: { ...user, accessKeys: [...accessKeys, accessKeyId] },
      also: [{ put, value: made, expect: 'absent' }],
    }
  })
  return { accessKeyId, secretAccessKey, key: made! }
}

/** Throws NoSuchEntity. */
export async function setAccessKeyActive(
  iam: Iam,
  { user, accessKeyId }: KeyRef,
  isActive: boolean,
): Promise<void> {
  const owner = ownerOf(user)
  await accessKeyDocument.update<void>(iam.metadata, accessKeyKey(accessKeyId), (key) => {
    if (!key || owner !== ownerOf({ account: key.account, name: key.userName }))
      throw accessKeyNotFound(accessKeyId)
    return { value: { ...key, isActive }, result: undefined }
  })
}

export interface KeyRef {
  readonly user: EntityRef
  readonly accessKeyId: string
}

const ownerOf = ({ account, name }: EntityRef) => `${account}/${name.toLowerCase()}`

/** Throws NoSuchEntity. */
export async function removeAccessKey(iam: Iam, { user: ref, accessKeyId }: KeyRef): Promise<void> {
  await changeTogether(iam, users, ref, async (user) => {
    const { accessKeys = [] } = user
    if (!accessKeys.includes(accessKeyId)) throw accessKeyNotFound(accessKeyId)
    return {
      value: { ...user, accessKeys: accessKeys.filter((other) => other !== accessKeyId) },
      also: [{ delete: accessKeyKey(accessKeyId) }, { delete: lastUseKey(accessKeyId) }],
    }
  })
  unusableKeys(iam).deleted(accessKeyId)
}

/** A user's, but for damaged ones. */
export async function accessKeysOf(
  { metadata }: Pick<Iam, 'metadata'>,
  { accessKeys = [] }: User,
): Promise<(AccessKey & { readonly accessKeyId: string })[]> {
  const found = await Promise.all(
    accessKeys.map(async (accessKeyId) => {
      const document = await accessKeyDocument.getUndamaged(metadata, accessKeyKey(accessKeyId))
      return document ? [{ ...document.value, accessKeyId }] : []
    }),
  )
  return found.flat()
}

/** What makes a user's keys those of the user's new name. */
export async function renamedKeys(
  { metadata }: Pick<Iam, 'metadata'>,
  { accessKeys = [] }: User,
  userName: string,
): Promise<Change[]> {
  const documents = await Promise.all(
    accessKeys.map((accessKeyId) => accessKeyDocument.get(metadata, accessKeyKey(accessKeyId))),
  )
  return documents
    .filter((document): document is Document<AccessKey> => document !== undefined)
    .map(({ key, value, revision }) => ({ put: key, value: { ...value, userName }, expect: revision }))
}
