import type { Access } from '../../service/access.ts'
import type { PolicyType, Refusal } from './evaluate.ts'
import type { Requester } from './principal-pattern.ts'

const NAMES: Readonly<Record<PolicyType, string>> = {
  'identity-based': 'identity-based policy',
  'resource-based': 'resource-based policy',
  'permissions boundary': 'permissions boundary',
  session: 'session policy',
}

const withArticle = (name: string) => `${/^[aeiou]/.test(name) ? 'an' : 'a'} ${name}`

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html */
export function denialText(
  { by, isExplicit }: Refusal,
  { principal }: Pick<Requester, 'principal'>,
  { action, resource }: Pick<Access, 'action' | 'resource'>,
): string {
  const policy = NAMES[by]
  const why = isExplicit
    ? `with an explicit deny in ${withArticle(policy)}`
    : `because no ${policy} allows the ${action} action`
  const who = principal.arn || 'anonymous'
  // S3 alone quotes it.
  const what = action.startsWith('s3:') ? `"${resource}"` : resource
  return `User: ${who} is not authorized to perform: ${action} on resource: ${what} ${why}`
}
