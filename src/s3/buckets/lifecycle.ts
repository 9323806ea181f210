import {
  boolean,
  integer,
  list,
  long,
  named,
  oneOf,
  required,
  string,
  structure,
  type TypeOf,
  timestamp,
} from '../../service/shape.ts'
import { invalidArgument, invalidRequest, malformedXml, notImplementedFeature } from '../exceptions.ts'
import { checkedTags, OBJECT_TAGS, type Tag, tag } from '../tags.ts'

const transitionStorageClass = oneOf(
  'GLACIER',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'DEEP_ARCHIVE',
  'GLACIER_IR',
)
const sizes = { ObjectSizeGreaterThan: long(), ObjectSizeLessThan: long() }

const lifecycleRule = structure({
  Expiration: structure({ Date: timestamp(), Days: integer(), ExpiredObjectDeleteMarker: boolean() }),
  ID: string(),
  Prefix: string(),
  Filter: structure({
    Prefix: string(),
    Tag: tag,
    ...sizes,
    And: structure({ Prefix: string(), Tags: named('Tag', list(tag, { flattened: true })), ...sizes }),
  }),
  Status: required(oneOf('Enabled', 'Disabled')),
  Transitions: named(
    'Transition',
    list(structure({ Date: timestamp(), Days: integer(), StorageClass: transitionStorageClass }), {
      flattened: true,
    }),
  ),
  NoncurrentVersionTransitions: named(
    'NoncurrentVersionTransition',
    list(
      structure({
        NoncurrentDays: integer(),
        StorageClass: transitionStorageClass,
        NewerNoncurrentVersions: integer(),
      }),
      { flattened: true },
    ),
  ),
  NoncurrentVersionExpiration: structure({ NoncurrentDays: integer(), NewerNoncurrentVersions: integer() }),
  AbortIncompleteMultipartUpload: structure({ DaysAfterInitiation: integer() }),
})
export type LifecycleRule = TypeOf<typeof lifecycleRule>

/** Lifecycle rules in XML. */
export const lifecycleRules = named('Rule', list(lifecycleRule, { flattened: true }))

export const DAY_MS = 86_400_000

const MAX_RULES = 1000
const MAX_ID_LENGTH = 255

/**
 * The rules with an ID each. Throws for what S3 does not take, and for transitions, which Standpipe has not. What a
 * rule says about noncurrent versions and delete markers holds for nothing in a bucket without versions:
 * noncurrent-expiry.ts.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html
 */
export function checkedLifecycleRules(
  rules: readonly LifecycleRule[],
  newId: () => string,
): readonly LifecycleRule[] {
  if (rules.length === 0 || rules.length > MAX_RULES) throw malformedXml()
  const named = rules.map((rule) => ({ ...rule, ID: rule.ID || newId() }))
  for (const rule of named) checkRule(rule)
  if (new Set(named.map(({ ID }) => ID)).size < named.length)
    throw invalidArgument('Rule ID must be unique. Found same ID for more than one rule', 'ID', '')
  return named
}

function checkRule(rule: LifecycleRule): void {
  if (rule.Status !== 'Enabled' && rule.Status !== 'Disabled') throw malformedXml()
  if ((rule.Prefix === undefined) === (rule.Filter === undefined)) throw malformedXml()
  if (rule.ID !== undefined && rule.ID.length > MAX_ID_LENGTH)
    throw invalidArgument('ID length should not exceed allowed limit of 255', 'ID', rule.ID)
  if (rule.Transitions) throw notImplementedFeature('lifecycle transitions')
  if (!rule.Expiration && !rule.AbortIncompleteMultipartUpload && !hasNoncurrentAction(rule))
    throw invalidRequest('At least one action needs to be specified in a rule')
  if (rule.NoncurrentVersionExpiration) checkNoncurrentExpiration(rule)
  if (rule.Filter) checkFilter(rule.Filter)
  if (rule.Expiration) checkExpiration(rule.Expiration, tagsOf(rule).length > 0)
  if (rule.AbortIncompleteMultipartUpload) checkAbort(rule)
}

const hasNoncurrentAction = (rule: LifecycleRule): boolean =>
  rule.NoncurrentVersionExpiration !== undefined || rule.NoncurrentVersionTransitions !== undefined

function checkFilter({ And: and, ...single }: NonNullable<LifecycleRule['Filter']>): void {
  if (Object.keys(single).length + (and ? 1 : 0) > 1) throw malformedXml()
  const keys = and?.Tags?.map(({ Key }) => Key) ?? []
  if (new Set(keys).size < keys.length) throw invalidRequest('Duplicate Tag Keys are not allowed.')
  checkedTags([...(single.Tag ? [single.Tag] : []), ...(and?.Tags ?? [])], OBJECT_TAGS)
  const sizes = and ?? single
  if (
    sizes.ObjectSizeGreaterThan !== undefined &&
    sizes.ObjectSizeLessThan !== undefined &&
    sizes.ObjectSizeGreaterThan >= sizes.ObjectSizeLessThan
  )
    throw invalidRequest("'ObjectSizeLessThan' has to be a value greater than 'ObjectSizeGreaterThan'.")
}

function checkExpiration(expiration: NonNullable<LifecycleRule['Expiration']>, hasTags: boolean): void {
  const { Days: days, Date: date } = expiration
  if (Object.keys(expiration).length !== 1) throw malformedXml()
  if (expiration.ExpiredObjectDeleteMarker !== undefined && hasTags)
    throw invalidRequest('ExpiredObjectDeleteMarker cannot be specified with Tags.')
  if (days !== undefined && days < 1)
    throw invalidArgument("'Days' for Expiration action must be a positive integer", 'Days', String(days))
  if (date !== undefined && date % DAY_MS !== 0)
    throw invalidArgument("'Date' must be at midnight GMT", 'Date', new Date(date).toISOString())
}

const MOST_KEPT_VERSIONS = 100

function checkNoncurrentExpiration({
  NoncurrentVersionExpiration: { NoncurrentDays: days, NewerNoncurrentVersions: kept } = {},
  Filter: filter,
}: LifecycleRule): void {
  if (days === undefined) throw malformedXml()
  const refuse = (name: string, value: number, what: string) =>
    invalidArgument(`'${name}' for NoncurrentVersionExpiration action must be ${what}`, name, String(value))
  if (days < 1) throw refuse('NoncurrentDays', days, 'a positive integer')
  if (kept === undefined) return
  if (kept < 1) throw refuse('NewerNoncurrentVersions', kept, 'a positive integer')
  if (kept > MOST_KEPT_VERSIONS)
    throw refuse('NewerNoncurrentVersions', kept, `at most ${MOST_KEPT_VERSIONS}`)
  if (!filter) throw invalidRequest('NewerNoncurrentVersions requires a Filter')
}

function checkAbort({ AbortIncompleteMultipartUpload: abort, Filter: filter }: LifecycleRule): void {
  const days = abort?.DaysAfterInitiation
  if (days === undefined) throw malformedXml()
  if (days < 1)
    throw invalidArgument(
      "'DaysAfterInitiation' for AbortIncompleteMultipartUpload action must be a positive integer",
      'DaysAfterInitiation',
      String(days),
    )
  const { Prefix: _, ...others } = { ...filter, ...filter?.And, And: undefined }
  if (Object.values(others).some((value) => value !== undefined))
    throw invalidRequest('AbortIncompleteMultipartUpload cannot be specified with Tags or object sizes')
}

/** What a rule's filter looks at. */
export interface LifecycleSubject {
  readonly key: string
  readonly sizeBytes: number
  readonly tags: readonly Tag[]
}

interface Expiry {
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

/** Those that a rule's objects have. */
const tagsOf = ({ Filter: { Tag: tag, And: and } = {} }: LifecycleRule): readonly Tag[] => [
  ...(tag ? [tag] : []),
  ...(and?.Tags ?? []),
]

export function selects(rule: LifecycleRule, { key, sizeBytes, tags }: LifecycleSubject): boolean {
  const { And: and, ...filter } = rule.Filter ?? {}
  const above = filter.ObjectSizeGreaterThan ?? and?.ObjectSizeGreaterThan
  const below = filter.ObjectSizeLessThan ?? and?.ObjectSizeLessThan
  return (
    key.startsWith(prefixOf(rule)) &&
    (above === undefined || sizeBytes > above) &&
    (below === undefined || sizeBytes < below) &&
    tagsOf(rule).every(({ Key, Value }) => tags.some((other) => other.Key === Key && other.Value === Value))
  )
}
