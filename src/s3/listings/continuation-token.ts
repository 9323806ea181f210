import { string } from '../../service/shape.ts'
import { textInBase64Url, tokenOf } from '../../service/token.ts'
import { invalidArgument } from '../exceptions.ts'

/** Where a listing goes on: the last key or common prefix that was shown. Needs no memory of the first page. */
const token = tokenOf(string({ min: 1 }), textInBase64Url)

export const formatToken = token.format

export function parseToken(text: string): string {
  const last = token.parse(text)
  if (last === undefined)
    throw invalidArgument('The continuation token provided is incorrect', 'continuation-token', text)
  return last
}
