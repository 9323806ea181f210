import { expiredNextToken, invalidNextToken } from './exceptions/tokens.ts'

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ListShards.html */
const LIFETIME_MS = 300_000

/** A page token holds all that the next page needs: nothing is remembered, and every gateway reads it. */
export const formatNextToken = (list: string, state: unknown, now: number): string =>
  Buffer.from(JSON.stringify([list, now, state])).toString('base64')

/**
 * The state of a token of that `list`. Throws InvalidArgumentException, or ExpiredNextTokenException after five
 * minutes.
 */
export function parseNextToken<T>(list: string, token: string, now: number): T {
  const [of, createdAt, state] = decoded(token)
  if (of !== list || typeof createdAt !== 'number') throw invalidNextToken()
  if (now - createdAt > LIFETIME_MS) throw expiredNextToken(LIFETIME_MS)
  return state as T
}

function decoded(token: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64').toString('utf8'))
    return Array.isArray(value) ? value : []
  } catch {
    return []
  }
}
