import { type LifecycleRule, type LifecycleSubject, midnightAfter, selects } from './lifecycle.ts'

/** A version with others above it. */
export interface NoncurrentVersion extends LifecycleSubject {
  /** ms since 1970 */
  readonly noncurrentAt: number
  /** Of the key's noncurrent versions, how many came later. */
  readonly newer: number
}

/**
 * When a noncurrent version is to go, in ms since 1970, by the rule that says so first. A rule may keep the newest few.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
 */
export function noncurrentExpiryOf(
  rules: readonly LifecycleRule[],
  version: NoncurrentVersion,
): number | undefined {
  let first: number | undefined
  for (const rule of rules) {
    const { NoncurrentDays: days, NewerNoncurrentVersions: kept = 0 } = rule.NoncurrentVersionExpiration ?? {}
    if (rule.Status !== 'Enabled' || days === undefined) continue
    if (version.newer < kept || !selects(rule, version)) continue
    const at = midnightAfter(version.noncurrentAt, days)
    if (first === undefined || at < first) first = at
  }
  return first
}

/** Whether a delete marker under which there is nothing is to go: by what is said of such, or because it is old enough. */
export const isMarkerDue = (
  rules: readonly LifecycleRule[],
  { key, lastModified }: { readonly key: string; readonly lastModified: number },
  now: number,
): boolean =>
  rules.some((rule) => {
    const { ExpiredObjectDeleteMarker: isNamed, Days: days } = rule.Expiration ?? {}
    const isOld = days !== undefined && midnightAfter(lastModified, days) <= now
    return rule.Status === 'Enabled' && (isNamed || isOld) && selects(rule, { key, sizeBytes: 0, tags: [] })
  })
