import { EngineError, isEngineError, type MetadataStore } from '../../../engine/ports/engine.ts'
import { type User, userDocument } from '../../../iam/entities/entity.ts'

/** The path of IAM users whose keys close a server: those that `standpipe keys add` makes. */
const MADE_PATH = '/standpipe/'

export interface MadeUser {
  readonly account: string
  readonly user: User
}

/**
 * The users that `standpipe keys` has made, in whatever account: who starts a server with another one does not open it.
 * Rejects with Damaged unless what is damaged is left out.
 */
export async function madeUsers(metadata: MetadataStore, damaged?: 'left out'): Promise<MadeUser[]> {
  const prefix = userDocument.keys
  const found = await userDocument.list(metadata, { prefix, ...(damaged && { damaged }) })
  return found
    .filter(({ value }) => value.path === MADE_PATH)
    .map(({ key, value: user }) => ({ account: key.slice(prefix.length).split('/')[0]!, user }))
}

export const keyCountOf = (made: readonly MadeUser[]): number =>
  made.reduce((sum, { user: { accessKeys = [] } }) => sum + accessKeys.length, 0)

/**
 * Whether they have any keys. A user that cannot be read might have been one of them, and a folder that has keys is not
 * to be opened to everybody: rejects with Damaged unless that loss is accepted.
 */
export async function hasMadeKeys(metadata: MetadataStore, acceptDataLoss: boolean): Promise<boolean> {
  try {
    return keyCountOf(await madeUsers(metadata, acceptDataLoss ? 'left out' : undefined)) > 0
  } catch (error) {
    if (!isEngineError(error, 'Damaged')) throw error
    const why = 'it may be a user of standpipe keys, without whom everybody would be let in'
    throw new EngineError('Damaged', `${error.message}: ${why}; restore a backup, or say --accept-data-loss`)
  }
}
