import type { ServiceException } from '../../service/exception.ts'

/** A signature that is not the one that was computed, and what that was computed over. */
export interface Mismatch {
  readonly accessKeyId: string
  readonly stringToSign: string
  readonly signature: string
  /** None for a chunk, and for version 2. */
  readonly canonicalRequest?: string
}

/** What a credential scope says, and what it should say: only what is wrong. */
export interface WrongScope {
  readonly region?: string
  readonly terminator?: string
  readonly date?: { readonly scope: string; readonly request: string }
}

/** What is said to a request whose signature is not taken, by services that word it alike. Times are ms since 1970. */
export interface Refusals {
  /** Not signed at all. */
  missing(): ServiceException
  /** In a header and in the query. */
  both(authorization: string): ServiceException
  /** An algorithm, or an older version, that is not taken. */
  algorithm(authorization: string): ServiceException
  /** Signature Version 4A, which AWS takes. */
  version4A(): ServiceException
  readonly queryAlgorithm: (algorithm: string) => ServiceException
  /** Of another algorithm's header it is said which of SigV4's parts it lacks. */
  readonly namesParts: boolean
  /** A part is missing, as `form.ts` words it: of the three in the header, or the date. */
  incomplete(fault: string, part?: 'date'): ServiceException
  /** Not `KEY/DATE/REGION/SERVICE/aws4_request`. */
  credential(credential: string, place: 'header' | 'query'): ServiceException
  scope(wrong: WrongScope, place: 'header' | 'query'): ServiceException
  service(expected: string, actual: string): ServiceException
  date(given: string): ServiceException
  skew(time: { readonly signedAt: number; readonly given: string; readonly now: number }): ServiceException
  unknownKey(accessKeyId: string): ServiceException
  token(token: string): ServiceException
  expiredToken(token: string): ServiceException
  unsignedHeaders(names: readonly string[]): ServiceException
  mismatch(mismatch: Mismatch): ServiceException
  body(claimed: string, actual: string): ServiceException
}

export const SKEW_MS = 15 * 60_000
