import type { Scope, Scoped } from '../api/ports.ts'
import { isAccountId, isRegionName } from '../service/arn.ts'
import { ServiceException } from '../service/exception.ts'

/** Whose things a request to our own API is about: the caller's own, unless its query names others. Throws BadRequest. */
export function scopeOf({ query, caller }: Scoped): Scope {
  const { account = caller.account, region = caller.region } = Object.fromEntries(query)
  if (!isAccountId(account)) throw new ServiceException('BadRequest', 'account is twelve digits.')
  if (!isRegionName(region)) throw new ServiceException('BadRequest', 'region is the name of a region.')
  return { account, region }
}
