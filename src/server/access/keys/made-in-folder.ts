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
export const madeUsers = async (metadata: MetadataStore, damaged?: 'left out'): Promise<MadeUser[]> =>
  (await allUsers(metadata, damaged)).filter(isMade)

const isMade = ({ user }: MadeUser): boolean => user.path === MADE_PATH

async function allUsers(metadata: MetadataStore, damaged?: 'left out'): Promise<MadeUser[]> {
  const prefix = userDocument.keys
  const found = await userDocument.list(metadata, { prefix, ...(damaged && { damaged }) })
  return found.map(({ key, value: user }) => ({ account: key.slice(prefix.length).split('/')[0]!, user }))
}

/** How many access keys `standpipe keys` has made, and how many IAM has made besides; without the damaged. */
export async function countKeys(metadata: MetadataStore) {
  const users = await allUsers(metadata, 'left out')
  const madeKeys = keyCountOf(users.filter(isMade))
  return { madeKeys, otherKeys: keyCountOf(users) - madeKeys }
}

const keyCountOf = (made: readonly MadeUser[]): number =>
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
