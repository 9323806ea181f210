import { oneOf, required, type Shape, structure, type TypeOf, timestamp } from '../service/shape.ts'
import { tokenOf } from '../service/token.ts'
import { expiredNextToken, invalidNextToken } from './exceptions/tokens.ts'

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
