import { existsSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isErrno, replaceFile, syncFolder } from '../../../engine/embedded/files/durable-file.ts'
import { type Engine, EngineError } from '../../../engine/ports/engine.ts'
import { accessKeyDocument, accessKeyKey } from '../../../iam/access-keys/access-key.ts'
import { type EntityRef, entityKey, type User, userDocument, users } from '../../../iam/entities/entity.ts'
import { documentInForce, isOfAws } from '../../../iam/policies/store.ts'
import { type MadeUser, madeUsers } from './made-in-folder.ts'

/** A user that `standpipe keys` has made, with all that a reset must not take: it would open a closed server. */
interface KeptUser extends MadeUser {
  readonly keys: readonly KeptKey[]
}

interface KeptKey {
  readonly accessKeyId: string
  readonly isActive: boolean
  readonly createdAt: number
  /** Not sealed: what seals secrets goes with the rest. */
  readonly secret: string
}

type Kept = readonly KeptUser[]
type Stores = Pick<Engine, 'metadata' | 'secrets'>

/** A key whose secret cannot be opened is lost already. */
async function keptKeysOf({ metadata, secrets }: Stores): Promise<Kept> {
  const kept: KeptUser[] = []
  for (const { account, user } of await madeUsers(metadata, 'left out')) {
    const found = await Promise.all(
      (user.accessKeys ?? []).map(async (accessKeyId) => {
        const key = (await accessKeyDocument.find(metadata, accessKeyKey(accessKeyId)))?.value
        const secret = key && secrets.open(key.sealedSecret, accessKeyKey(accessKeyId))
        if (!secret) return []
        const { isActive, createdAt } = key
        return [{ accessKeyId, isActive, createdAt, secret: Buffer.from(secret).toString() }]
      }),
    )
    kept.push({ account, user: await withoutOthers({ metadata }, account, user), keys: found.flat() })
  }
  return kept
}

/** Policies of the account's own go with the reset: the user keeps what they say, and is denied no less. */
async function withoutOthers(iam: Pick<Engine, 'metadata'>, account: string, user: User): Promise<User> {
  const { attached = [], policies = {}, ...others } = user
  const own = attached.filter((arn) => !isOfAws(arn))
  const texts = await Promise.all(
    own.map(async (arn) => [arn, await documentInForce(iam, account, arn)] as const),
  )
  const copied = texts.flatMap(([arn, text]) =>
    text === undefined ? [] : [[`kept-${arn.split('/').at(-1)}`, text]],
  )
  return {
    ...others,
    attached: attached.filter(isOfAws),
    policies: { ...policies, ...Object.fromEntries(copied) },
  }
}

/** Puts them where they are not; a key lies there sealed anew. */
async function putKeptKeys({ metadata, secrets }: Stores, kept: Kept): Promise<void> {
  for (const { account, user, keys } of kept) {
    const ref: EntityRef = { account, name: user.name }
    if (await userDocument.find(metadata, entityKey(users, ref))) continue
    const value = { ...user, accessKeys: keys.map(({ accessKeyId }) => accessKeyId) }
    await metadata.commit([
      { put: entityKey(users, ref), value, expect: 'absent' },
      ...keys.map(({ accessKeyId, isActive, createdAt, secret }) => {
        const place = accessKeyKey(accessKeyId)
        const sealedSecret = secrets.seal(Buffer.from(secret), place)
        const key = { account, userName: user.name, userId: user.id, isActive, createdAt, sealedSecret }
        return { put: place, value: key }
      }),
    ])
  }
}

const fileIn = (folder: string) => join(folder, 'kept-keys.json')

interface KeptKeysOptions {
  /** The data folder; undefined where everything is in memory. */
  readonly folder: string | undefined
}

/**
 * Carries the keys of `standpipe keys` over a reset. On disk they lie beside what is erased (mode 600, as the key of
 * the folder's secrets does), so that a crash in the middle does not open a closed server: the next start puts them back.
 */
export function createKeptKeys({ folder }: KeptKeysOptions) {
  let inMemory: Kept = []
  return {
    /** Before everything is erased. */
    async keep(stores: Stores): Promise<void> {
      const kept = await keptKeysOf(stores)
      if (folder === undefined) inMemory = kept
      else if (kept.length > 0) await replaceFile(fileIn(folder), Buffer.from(JSON.stringify(kept)))
    },
    /** Puts back what was kept and is not there. */
    async putBack(stores: Stores): Promise<void> {
      if (folder === undefined) return await putKeptKeys(stores, inMemory)
      const kept = await readKept(fileIn(folder))
      if (!kept) return
      await putKeptKeys(stores, kept)
      await rm(fileIn(folder), { force: true })
      await syncFolder(folder)
    },
  }
}

export type KeptKeys = ReturnType<typeof createKeptKeys>

/** Whether a reset was killed before its keys were back. */
export const hasKeptKeys = (folder: string): boolean => existsSync(fileIn(folder))

async function readKept(path: string): Promise<Kept | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Kept
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined
    if (!(error instanceof SyntaxError)) throw error
    // What JSON.parse says quotes the text, which has secrets in it.
    const what = 'it held the keys of standpipe keys while everything else was reset'
    throw new EngineError('Damaged', `${path} is damaged: ${what}; delete it, and make new keys`)
  }
}
