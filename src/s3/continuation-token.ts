import { invalidArgument } from './exceptions.ts'

/** Where a listing goes on: the last key or common prefix that was shown. Needs no memory of the first page. */
export const formatToken = (last: string): string => Buffer.from(last).toString('base64url')

export function parseToken(token: string): string {
  const last = Buffer.from(token, 'base64url').toString()
  if (token === '' || formatToken(last) !== token)
    throw invalidArgument('The continuation token provided is incorrect', 'continuation-token', token)
  return last
}
