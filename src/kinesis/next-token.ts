import { ServiceException } from '../service/exception.ts'
import { oneOf, required, type Shape, structure, type TypeOf, timestamp } from '../service/shape.ts'
import { tokenOf } from '../service/token.ts'
import { invalidArgument } from './exceptions/kinds.ts'

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ListShards.html */
const LIFETIME_MS = 300_000

/**
 * The page tokens of one `list`. A token holds all that the next page needs, the state: nothing is remembered, and every
 * gateway reads it.
 */
export function nextTokenOf<S extends Shape>(list: string, state: S) {
  const token = tokenOf(
    structure({ list: required(oneOf(list)), at: required(timestamp()), state: required(state) }),
  )
  return {
    format: (value: TypeOf<S>, now: number): string => token.format({ list, at: now, state: value } as never),
    /** Throws InvalidArgumentException, or ExpiredNextTokenException after five minutes. */
    parse(text: string, now: number): TypeOf<S> {
      const said = token.parse(text) as { readonly at: number; readonly state: TypeOf<S> } | undefined
      if (!said) throw invalidNextToken()
      if (now - said.at > LIFETIME_MS) throw expiredNextToken(LIFETIME_MS)
      return said.state
    },
  }
}

// What is answered about the tokens. AWS documents which members go together; the words are known of a stream and a token.

export const neitherTokenNorStream = () =>
  invalidArgument('Either NextToken or StreamName should be provided.')

export const tokenAndMember = (member: string) =>
  invalidArgument(`NextToken and ${member} cannot be provided together.`)

export const invalidNextToken = () => invalidArgument('Invalid NextToken.')

const expiredNextToken = (lifetimeMs: number) =>
  new ServiceException(
    'ExpiredNextTokenException',
    `NextToken expired. A token can be used for ${lifetimeMs} milliseconds.`,
  )
