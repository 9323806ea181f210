import { notImplementedCondition } from '../exceptions.ts'
import type { WriteConditions } from './commit.ts'

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
