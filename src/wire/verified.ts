import { anonymous } from '../service/principal.ts'
import type { Authenticated, Authenticator, Spoken } from '../service/signing/authentication.ts'
import type { Exchange } from './exchange.ts'

/** A request whose signature was verified: from whom it is, and what remains to be compared with its body. */
export async function verified(
  exchange: Exchange,
  spoken: Spoken,
  { authenticator, now, defaults }: Verification,
): Promise<Exchange> {
  const authenticated =
    exchange.method === 'OPTIONS' ? PREFLIGHT : await authenticator.authenticate(exchange, spoken, now)
  return provenBy(exchange, authenticated, defaults)
}

/** What was found out of a request's signature. */
export function provenBy(
  exchange: Exchange,
  authenticated: Authenticated,
  defaults: Verification['defaults'],
): Exchange {
  const { principal, signature, region: signedRegion, service } = authenticated
  const region = signedRegion ?? defaults.region
  const account = principal.account || defaults.account
  return {
    ...exchange,
    authenticated,
    identity: { account, region, principal, ...(service !== undefined && { service }) },
    caller: { ...exchange.caller, account, region, signedRegion, principal, signature },
  }
}

/** A browser asks before it signs anything: whatever such a request claims, it is nobody's. */
const PREFLIGHT: Authenticated = {
  principal: anonymous,
  checkBody: () => undefined,
  requireService: () => undefined,
}

interface Verification {
  readonly authenticator: Authenticator
  /** The machine's time, ms since 1970. */
  readonly now: number
  readonly defaults: { readonly account: string; readonly region: string }
}
