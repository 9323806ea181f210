import { type Credential, type Credentials, OF_NOBODY } from '../../auth/credentials.ts'
import type { Sts } from '../sts.ts'
import { findSession, openedSession } from './begin.ts'
import { type Session, sessionDocument } from './session.ts'

/** What is kept at hand at most. */
const MOST_KEPT = 10_000

interface Known {
  readonly session: Session
  readonly credential: Credential
}

interface Accepting {
  /** Where signatures are verified: no sessions but those that somebody judged. */
  readonly isClosed: boolean
  /** Ends the watch over them. */
  readonly signal: AbortSignal
}

/** Sessions' keys; whoever looks one up compares its end with the machine's time. */
export function createSessionCredentials(sts: Sts, { isClosed, signal }: Accepting): Credentials {
  const known = new Map<string, Known>()
  // Sessions never change: they are made and, when they are over, deleted.
  sts.metadata.watch(
    sessionDocument.keys,
    (key) => known.delete(key.slice(sessionDocument.keys.length)),
    signal,
  )
  async function load(accessKeyId: string): Promise<Known | undefined> {
    const session = await findSession(sts, accessKeyId)
    const opened = session && openedSession(sts, accessKeyId, session)
    if (!opened || (isClosed && !session.isJudged)) return undefined
    const { principal, expiresAt } = session
    const loaded = { session, credential: { accessKeyId, ...opened, expiresAt, isActive: true, principal } }
    known.set(accessKeyId, loaded)
    if (known.size > MOST_KEPT) known.delete(known.keys().next().value!)
    return loaded
  }
  return {
    find(accessKeyId) {
      if (!/^ASIA[A-Z2-7]{16}$/.test(accessKeyId)) return undefined
      return known.get(accessKeyId)?.credential ?? load(accessKeyId).then((one) => one?.credential)
    },
    async policiesOf({ accessKeyId }) {
      const { session } = known.get(accessKeyId) ?? (await load(accessKeyId)) ?? {}
      if (!session) return OF_NOBODY
      const given = await sts.iam.policiesOf(session.issuer)
      return {
        ...given,
        ...(session.policies && { session: session.policies }),
        ...(session.tags && { tags: { ...given.tags, ...session.tags } }),
        ...(session.issuedAt !== undefined && { issuedAt: session.issuedAt }),
      }
    },
  }
}
