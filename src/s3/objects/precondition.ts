import type { CurrentDocument } from '../documents.ts'
import { notImplementedCondition } from '../exceptions.ts'

/**
 * Conditional requests.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html
 */
export interface Conditions {
  readonly ifMatch?: string | undefined
  readonly ifNoneMatch?: string | undefined
  /** ms since 1970 */
  readonly ifModifiedSince?: number | undefined
  readonly ifUnmodifiedSince?: number | undefined
}

export interface WriteConditions extends Pick<Conditions, 'ifMatch' | 'ifNoneMatch'> {
  /** What the key held when the upload began that is now to be the object. */
  readonly since?: CurrentDocument<unknown>['revision']
}

export interface Condition {
  /** Unquoted. */
  readonly etag: string
  /** ms since 1970, whole seconds */
  readonly lastModified: number
}

/** Which condition does not hold; undefined when all do. */
export type Unmet = 'If-Match' | 'If-None-Match' | 'If-Modified-Since' | 'If-Unmodified-Since' | undefined

/** For a read or a copy's source. A match by ETag outweighs the dates; modified since the future says nothing. */
export function unmetByRead(
  { ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince }: Conditions,
  { etag, lastModified }: Condition,
  now: number,
): Unmet {
  if (ifMatch !== undefined) {
    if (!matches(ifMatch, etag)) return 'If-Match'
  } else if (ifUnmodifiedSince !== undefined && lastModified > ifUnmodifiedSince) return 'If-Unmodified-Since'
  if (ifNoneMatch !== undefined) {
    if (matches(ifNoneMatch, etag)) return 'If-None-Match'
  } else if (ifModifiedSince !== undefined && lastModified <= ifModifiedSince && ifModifiedSince <= now)
    return 'If-Modified-Since'
  return undefined
}

/** S3 knows `If-None-Match: *` and `If-Match: etag` on writes; `absent` when an object to match is not there. */
export function unmetByWrite(
  { ifMatch, ifNoneMatch }: Pick<Conditions, 'ifMatch' | 'ifNoneMatch'>,
  current: { readonly etag: string } | undefined,
): 'If-Match' | 'If-None-Match' | 'absent' | undefined {
  if (ifNoneMatch !== undefined && current) return 'If-None-Match'
  if (ifMatch === undefined) return undefined
  if (!current) return 'absent'
  return matches(ifMatch, current.etag) ? undefined : 'If-Match'
}

/** S3 takes `*` alone in a write's If-None-Match, an ETag in its If-Match, and not both. */
export function writeConditionsOf({
  IfMatch: ifMatch,
  IfNoneMatch: ifNoneMatch,
}: {
  readonly IfMatch?: string | undefined
  readonly IfNoneMatch?: string | undefined
}): WriteConditions {
  if (ifMatch !== undefined && ifNoneMatch !== undefined)
    throw notImplementedCondition(
      'If-Match,If-None-Match',
      'Multiple conditional request headers present in the request',
    )
  if (ifNoneMatch !== undefined && ifNoneMatch.trim() !== '*') throw notTaken('If-None-Match')
  if (ifMatch?.trim() === '*') throw notTaken('If-Match')
  return { ifMatch, ifNoneMatch }
}

const notTaken = (header: string) =>
  notImplementedCondition(header, `We don't accept the provided value of ${header} header for this API`)

/** Whether an If-Range names what is there, by ETag or date; otherwise a reader is to start again with all of it. */
export const isRangeOf = (ifRange: string, { etag, lastModified }: Condition): boolean =>
  ifRange.trim() === `"${etag}"` || Date.parse(ifRange) === lastModified

const matches = (header: string, etag: string): boolean =>
  header.split(',').some((tag) => tag.trim() === '*' || unquoted(tag) === etag)

/** An ETag as clients may write it: with or without quotes, even one of them, strong or weak. */
export const unquoted = (tag: string): string => tag.trim().replace(/^W\//, '').replace(/^"|"$/g, '')
