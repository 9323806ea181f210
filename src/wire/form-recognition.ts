import type { Authenticator } from '../service/signing/authentication.ts'
import { formIdentity } from './authenticate.ts'
import type { Exchange } from './exchange.ts'
import { asKnown, type PrincipalOf } from './known-key.ts'
import { provenBy } from './verified.ts'

/** Whom a request is from that says so in a form, by the form's fields. Throws for a signature that is not right. */
export type RecognizeForm = (exchange: Exchange, fields: ReadonlyMap<string, string>) => Promise<Exchange>

interface Recognition {
  /** Absent in open mode: whoever calls is whom they say. */
  readonly authenticator: Authenticator | undefined
  readonly principalOf: PrincipalOf | undefined
  /** The machine's time, ms since 1970. */
  readonly machineNow: () => number
  readonly defaults: { readonly account: string; readonly region: string }
}

export function createFormRecognition(recognition: Recognition): RecognizeForm {
  const { authenticator, principalOf, machineNow, defaults } = recognition
  return async (exchange, fields) => {
    const found = authenticator
      ? provenBy(exchange, await authenticator.authenticateForm(fields, machineNow()), defaults)
      : claimedBy(exchange, fields, defaults)
    return !authenticator && principalOf ? await asKnown(found, principalOf) : found
  }
}

function claimedBy(
  exchange: Exchange,
  fields: ReadonlyMap<string, string>,
  defaults: Recognition['defaults'],
): Exchange {
  const identity = formIdentity(fields, defaults)
  const { account, region, signedRegion, principal } = identity
  return {
    ...exchange,
    identity,
    caller: { ...exchange.caller, account, region, signedRegion, principal },
  }
}
