import { accessKeyIdOf } from '../../auth/unique-id.ts'
import type { Principal } from '../../service/principal.ts'
import type { Sts } from '../sts.ts'
import {
  accessKeyIdOfEnd,
  type Session,
  sessionDocument,
  sessionEndDocument,
  sessionEndKey,
  sessionKey,
} from './session.ts'

/** Each new session takes so many with it that are over: twice as many as it adds. */
const SWEPT = 2
/** How long one that is over is kept, so that its keys are said to have expired rather than not to be there. */
const KEPT_MS = 60 * 60 * 1000

interface Wanted extends Pick<Session, 'policies' | 'tags'> {
  /** But for the access key. */
  readonly principal: Principal
  readonly issuer: Principal
  readonly isJudged: boolean
  readonly durationSeconds: number
  /** Of the token, in bytes, for clients that want to see whether they are ready for longer ones. */
  readonly leastTokenSize?: number | undefined
}

const TOKEN_SIZE = 128
const MOST_TOKEN_SIZE = 4_096

/** Makes temporary keys, which are durable when they are answered, and says of them what STS answers. */
export async function beginSession(
  sts: Sts,
  { principal, durationSeconds, leastTokenSize = 0, isJudged, ...wanted }: Wanted,
) {
  const { metadata, random, secrets, machineNow } = sts
  const now = machineNow()
  const accessKeyId = accessKeyIdOf('ASIA', principal.account, random)
  const put = sessionKey(accessKeyId)
  const secretAccessKey = Buffer.from(random.bytes(30)).toString('base64')
  const sessionToken = Buffer.from(
    random.bytes(3 * Math.ceil(Math.max(TOKEN_SIZE, leastTokenSize) / 4)),
  ).toString('base64')
  const expiresAt = now + durationSeconds * 1000
  const session: Session = {
    ...wanted,
    principal: { ...principal, accessKeyId },
    ...{ issuedAt: now, expiresAt },
    ...(isJudged && { isJudged }),
    sealed: secrets.seal(Buffer.from(JSON.stringify([secretAccessKey, sessionToken])), put),
  }
  const over = await overBy(sts, now - KEPT_MS)
  await metadata.commit([
    { put, value: session, expect: 'absent' },
    { put: sessionEndKey(expiresAt, accessKeyId), value: { expiresAt } },
    ...over.flatMap((key) => [{ delete: key }, { delete: sessionKey(accessKeyIdOfEnd(key)) }]),
  ])
  return {
    Credentials: {
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      SessionToken: sessionToken,
      Expiration: expiresAt,
    },
    SessionTokenUtilization: Math.ceil((100 * sessionToken.length) / MOST_TOKEN_SIZE),
    SessionTokenSize: sessionToken.length,
  }
}

async function overBy({ metadata }: Sts, time: number): Promise<readonly string[]> {
  const range = { prefix: sessionEndDocument.keys, limit: SWEPT, damaged: 'left out' } as const
  const first = await sessionEndDocument.list(metadata, range)
  return first.filter(({ value }) => value.expiresAt <= time).map(({ key }) => key)
}

/** The secret and the token; undefined when they cannot be opened any more. */
export function openedSession({ secrets }: Pick<Sts, 'secrets'>, accessKeyId: string, { sealed }: Session) {
  const opened = secrets.open(sealed, sessionKey(accessKeyId))
  return opened && partsOf(Buffer.from(opened).toString())
}

/** Secrets and tokens are base64: no quote is in either. */
function partsOf(text: string) {
  const [, secretAccessKey = '', sessionToken = ''] = /^\["([^"]*)","([^"]*)"\]$/.exec(text) ?? []
  return { secretAccessKey, sessionToken }
}

export const findSession = async ({ metadata }: Pick<Sts, 'metadata'>, accessKeyId: string) =>
  (await sessionDocument.find(metadata, sessionKey(accessKeyId)))?.value
