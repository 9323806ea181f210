import type { Tag } from '../tags.ts'
import { DAY_MS, type LifecycleRule } from './lifecycle-rules.ts'

/** What a rule's filter looks at. */
export interface LifecycleSubject {
  readonly key: string
  readonly sizeBytes: number
  readonly tags: readonly Tag[]
}

export interface Expiry {
  /** ms since 1970 */
  readonly at: number
  readonly ruleId: string
}

/** S3 acts at midnight, UTC: whole days after a moment, and then on to the next one. */
export const midnightAfter = (time: number, days = 0): number =>
  Math.ceil((time + days * DAY_MS) / DAY_MS) * DAY_MS

/**
 * When an object is to go, by the rule that says so first.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
 */
export function expiryOf(
  rules: readonly LifecycleRule[],
  object: LifecycleSubject & { readonly lastModified: number },
): Expiry | undefined {
  let first: Expiry | undefined
  for (const rule of rules) {
    if (rule.Status !== 'Enabled' || !selects(rule, object)) continue
    const { Days: days, Date: date } = rule.Expiration ?? {}
    const at = days === undefined ? date : midnightAfter(object.lastModified, days)
    if (at !== undefined && (first === undefined || at < first.at)) first = { at, ruleId: rule.ID ?? '' }
  }
  return first
}

/** As expiryOf, of an upload that was never completed. Its rules select by key alone. */
export function abortionOf(
  rules: readonly LifecycleRule[],
  { key, initiatedAt }: { readonly key: string; readonly initiatedAt: number },
): Expiry | undefined {
  let first: Expiry | undefined
  for (const rule of rules) {
    const days = rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation
    if (days === undefined || rule.Status !== 'Enabled' || !key.startsWith(prefixOf(rule))) continue
    const at = midnightAfter(initiatedAt, days)
    if (first === undefined || at < first.at) first = { at, ruleId: rule.ID ?? '' }
  }
  return first
}

/** What answers about an object say of its end. */
export function expirationAnswer(
  rules: readonly LifecycleRule[] | undefined,
  object: LifecycleSubject & { readonly lastModified: number },
): { readonly Expiration?: string } {
  const expiry = rules && expiryOf(rules, object)
  return expiry ? { Expiration: formatExpiry(expiry) } : {}
}

/** What answers about an upload say of its end. */
export function abortionAnswer(
  rules: readonly LifecycleRule[] | undefined,
  upload: { readonly key: string; readonly initiatedAt: number },
): { readonly AbortDate?: number; readonly AbortRuleId?: string } {
  const abortion = rules && abortionOf(rules, upload)
  return abortion ? { AbortDate: abortion.at, AbortRuleId: abortion.ruleId } : {}
}

const formatExpiry = ({ at, ruleId }: Expiry): string =>
  `expiry-date="${new Date(at).toUTCString()}", rule-id="${encodeURIComponent(ruleId)}"`

const prefixOf = ({ Prefix, Filter }: LifecycleRule): string =>
  Prefix ?? Filter?.Prefix ?? Filter?.And?.Prefix ?? ''

function selects(rule: LifecycleRule, { key, sizeBytes, tags }: LifecycleSubject): boolean {
  const { Tag: tag, And: and, ...filter } = rule.Filter ?? {}
  const wanted = [...(tag ? [tag] : []), ...(and?.Tags ?? [])]
  const above = filter.ObjectSizeGreaterThan ?? and?.ObjectSizeGreaterThan
  const below = filter.ObjectSizeLessThan ?? and?.ObjectSizeLessThan
  return (
    key.startsWith(prefixOf(rule)) &&
    (above === undefined || sizeBytes > above) &&
    (below === undefined || sizeBytes < below) &&
    wanted.every(({ Key, Value }) => tags.some((other) => other.Key === Key && other.Value === Value))
  )
}
