import type { Principal } from '../service/principal.ts'
import type { Exchange } from './exchange.ts'

/** Whom a key was made for; undefined for one that is nobody's, or is over. */
export type PrincipalOf = (accessKeyId: string) => Promise<Principal | undefined>

/** Of keys that AWS makes, and a server in its place. */
const FORM = /^A[KS]IA[A-Z2-7]{16}$/

/** In open mode any key will do; but one that was made here stands for whom it was made, and for that account. */
export function asKnown(exchange: Exchange, principalOf: PrincipalOf): Exchange | Promise<Exchange> {
  const { accessKeyId } = exchange.caller.principal
  if (!FORM.test(accessKeyId)) return exchange
  return principalOf(accessKeyId).then((principal) => {
    if (!principal) return exchange
    const { account } = principal
    return {
      ...exchange,
      identity: { ...exchange.identity, account, principal },
      caller: { ...exchange.caller, account, principal },
    }
  })
}
