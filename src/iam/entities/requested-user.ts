import type { Caller } from '../../service/operation.ts'
import { userNameMissing } from '../exceptions.ts'
import type { EntityRef } from './entity.ts'

/** The user that is named, or else the one who calls. Throws ValidationError where neither is one. */
export function requestedUser(
  { UserName }: { readonly UserName?: string | undefined },
  { account, principal }: Caller,
): EntityRef {
  if (UserName !== undefined) return { account, name: UserName }
  if (principal.kind !== 'user') throw userNameMissing()
  return { account, name: principal.arn.slice(principal.arn.lastIndexOf('/') + 1) }
}
