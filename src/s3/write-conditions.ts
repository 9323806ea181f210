import type { WriteConditions } from './commit-object.ts'
import { notImplementedHeader } from './exceptions.ts'

/** S3 takes `*` alone in a write's If-None-Match, and an ETag in its If-Match. */
export function writeConditionsOf({
  IfMatch: ifMatch,
  IfNoneMatch: ifNoneMatch,
}: {
  readonly IfMatch?: string | undefined
  readonly IfNoneMatch?: string | undefined
}): WriteConditions {
  if (ifNoneMatch !== undefined && ifNoneMatch.trim() !== '*') throw notImplementedHeader('If-None-Match')
  if (ifMatch?.trim() === '*') throw notImplementedHeader('If-Match')
  return { ifMatch, ifNoneMatch }
}
