import { bytes, list, maybe, named, number, oneOf, shape, text } from '../../engine/ports/checks.ts'
import { document } from '../../engine/ports/document.ts'
import type { Principal } from '../../service/principal.ts'

/** Temporary keys, and whom they stand for. */
export interface Session {
  /** With the session's own access key. */
  readonly principal: Principal
  /** Whose policies the session has: the caller of GetSessionToken, or the assumed role. */
  readonly issuer: Principal
  /** ms since 1970, on the machine's time. */
  readonly expiresAt: number
  /** The secret and the token, as JSON, as the engine's secret box sealed them for the document's key. */
  readonly sealed: Uint8Array
  /** What the session may do at most: policy documents; everything its issuer may if absent. */
  readonly policies?: readonly string[]
  readonly tags?: Readonly<Record<string, string>>
  /** ms since 1970, on the machine's time. */
  readonly issuedAt?: number
  /** Somebody was asked whether it may be: in open mode nobody is, and what anybody took then is no key afterwards. */
  readonly isJudged?: true
}

const principal = shape<Principal>({
  kind: oneOf('root', 'user', 'assumed-role', 'federated-user', 'anonymous'),
  ...{ account: text, arn: text, userId: text, accessKeyId: text },
})

const KEYS = 'sts/session/'

export const sessionDocument = document<Session>({
  keys: KEYS,
  version: 1,
  check: shape<Session>({
    ...{ principal, issuer: principal, expiresAt: number, sealed: bytes },
    ...{ policies: maybe(list(text)), tags: maybe(named(text)) },
    ...{ issuedAt: maybe(number), isJudged: maybe(oneOf(true)) },
  }),
})

export const sessionKey = (accessKeyId: string): string => KEYS + accessKeyId

/** Says when a session ends, so that those are found first that ended first. */
export interface SessionEnd {
  readonly expiresAt: number
}

const ENDS = 'sts/session-end/'

export const sessionEndDocument = document<SessionEnd>({
  keys: ENDS,
  version: 1,
  check: shape<SessionEnd>({ expiresAt: number }),
})

export const sessionEndKey = (expiresAt: number, accessKeyId: string): string =>
  `${ENDS}${String(expiresAt).padStart(16, '0')}/${accessKeyId}`

export const accessKeyIdOfEnd = (key: string): string => key.slice(key.lastIndexOf('/') + 1)
