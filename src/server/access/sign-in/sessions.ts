import { createCipheriv, createDecipheriv, createHash } from 'node:crypto'
import type { GivenKeys } from '../../../api/ports.ts'
import type { Credential, Credentials } from '../../../auth/credentials.ts'
import { isSame } from '../../../auth/signatures/same.ts'
import type { Random } from '../../../clock/random.ts'

/** As long as a session lasts at most. */
const MOST_MS = 12 * 3_600_000
/** Ended ones that are remembered until they would have expired; of more, all that were opened before go with the oldest. */
const MOST_ENDED = 10_000
const CIPHER = 'aes-256-gcm'
const [KEY_BYTES, IV_BYTES, TAG_BYTES] = [32, 12, 16]

/** What a session's sealed text says. */
interface Sealed {
  /** Sessions are numbered in the order in which they are opened. */
  readonly number: number
  readonly accessKeyId: string
  /** Of the secret that it was opened with: another one is another key. */
  readonly proof: string
  /** Ms since 1970, on the machine's time. */
  readonly expiresAt: number
}

export interface OpenedSession {
  readonly text: string
  readonly expiresAt: number
}

interface SessionsOptions {
  readonly credentials: Pick<Credentials, 'find'>
  readonly random: Random
}

/**
 * Sessions as texts that only this process can read: nothing of them is kept here but which have ended, and with the
 * process they all end. The key is looked up anew at each use, so that a session goes with its key.
 */
export function createSessions({ credentials, random }: SessionsOptions) {
  const key = Buffer.from(random.bytes(KEY_BYTES))
  const nobodys = { secretAccessKey: Buffer.from(random.bytes(KEY_BYTES)).toString('base64') }
  const ended = new Map<number, number>()
  let opened = 0
  /** The number of the last session that is over whoever ended it. */
  let allEnded = 0

  const seal = (session: Sealed): string => {
    const iv = random.bytes(IV_BYTES)
    const cipher = createCipheriv(CIPHER, key, iv)
    const sealed = Buffer.concat([cipher.update(JSON.stringify(session)), cipher.final()])
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url')
  }
  const unseal = (text: string): Sealed | undefined => {
    const bytes = Buffer.from(text, 'base64url')
    if (bytes.length <= IV_BYTES + TAG_BYTES) return undefined
    try {
      const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, IV_BYTES), {
        authTagLength: TAG_BYTES,
      })
      decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
      const opened = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()])
      return JSON.parse(opened.toString()) as Sealed
    } catch {
      return undefined
    }
  }

  const isEnded = ({ number }: Sealed) => number <= allEnded || ended.has(number)

  return {
    /** Undefined for a key that is not known, not active or expired, or another secret or token than given. */
    async open(
      given: GivenKeys,
      now: number,
    ): Promise<(OpenedSession & { credential: Credential }) | undefined> {
      const credential = await credentials.find(given.accessKeyId)
      // Of a key that there is not, something is compared, too: the answer takes as long.
      const isRight = areSame(given, credential ?? nobodys)
      if (!credential || !isRight || !isUsable(credential, now)) return undefined
      const expiresAt = Math.min(now + MOST_MS, credential.expiresAt ?? Number.POSITIVE_INFINITY)
      opened += 1
      const text = seal({
        number: opened,
        accessKeyId: given.accessKeyId,
        proof: proofOf(credential),
        expiresAt,
      })
      return { text, expiresAt, credential }
    },
    /** The key behind it. Undefined for what is no session, or not any more. */
    async find(text: string, now: number): Promise<Credential | undefined> {
      const session = unseal(text)
      if (!session || now >= session.expiresAt || isEnded(session)) return undefined
      const credential = await credentials.find(session.accessKeyId)
      if (!credential || !isUsable(credential, now)) return undefined
      return isSame(proofOf(credential), session.proof) ? credential : undefined
    },
    end(text: string, now: number): void {
      const session = unseal(text)
      if (!session || now >= session.expiresAt) return
      for (const [number, expiresAt] of ended) {
        const isOver = now >= expiresAt
        if (!isOver && ended.size < MOST_ENDED) break
        // Forgotten alone, it would be one again.
        if (!isOver) allEnded = Math.max(allEnded, number)
        ended.delete(number)
      }
      ended.set(session.number, session.expiresAt)
    },
  }
}

export type Sessions = ReturnType<typeof createSessions>

/** In a time that tells nothing of where they differ, nor of their lengths. */
const areSame = (given: Pick<GivenKeys, 'secretAccessKey' | 'sessionToken'>, key: typeof given): boolean => {
  const [secret, token] = [
    isSame(hashOf(given.secretAccessKey), hashOf(key.secretAccessKey)),
    isSame(hashOf(given.sessionToken ?? ''), hashOf(key.sessionToken ?? '')),
  ]
  return secret && token
}

const isUsable = ({ isActive, expiresAt }: Credential, now: number) =>
  isActive && (expiresAt === undefined || now < expiresAt)

const hashOf = (text: string) => createHash('sha256').update(text).digest('base64')

const proofOf = ({ secretAccessKey, sessionToken = '' }: Credential) =>
  hashOf(`session ${hashOf(secretAccessKey)} ${sessionToken}`)
