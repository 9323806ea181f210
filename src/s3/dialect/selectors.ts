import type { Aiming, RestAddress, Unmatched } from '../../service/dialect.ts'
import { conflictingSelectors, noSubresourceForKey } from '../exceptions.ts'

export const BUCKET = '/{Bucket}'
export const OBJECT = '/{Bucket}/{Key+}'

/** The query members by which S3 tells one operation from another, or changes what it does. */
const SUBRESOURCES: ReadonlySet<string> = new Set([
  'abac',
  'accelerate',
  'acl',
  'analytics',
  'annotation',
  'attributes',
  'cors',
  'delete',
  'encryption',
  'intelligent-tiering',
  'inventory',
  'legal-hold',
  'lifecycle',
  'location',
  'logging',
  'metadataAnnotationTable',
  'metadataConfiguration',
  'metadataInventoryTable',
  'metadataJournalTable',
  'metadataTable',
  'metrics',
  'notification',
  'object-lock',
  'ownershipControls',
  'partNumber',
  'policy',
  'policyStatus',
  'publicAccessBlock',
  'renameObject',
  'replication',
  'requestPayment',
  'restore',
  'retention',
  'select',
  'session',
  'tagging',
  'torrent',
  'uploadId',
  'uploads',
  'versionId',
  'versioning',
  'versions',
  'website',
])

export const isSubresource = (name: string): boolean => SUBRESOURCES.has(name)

/** What of a bucket's own S3 answers to a GET of any of its keys, be it there or not. */
const BUCKETS_AT_KEYS: ReadonlySet<string> = new Set([
  ...['accelerate', 'cors', 'inventory', 'lifecycle', 'location', 'notification', 'policy', 'replication'],
  ...['requestPayment', 'versioning', 'website'],
])

/** What of a bucket's a GET of a key overlooks: it answers the object. */
const OVERLOOKED_AT_KEYS: ReadonlySet<string> = new Set([
  ...['abac', 'analytics', 'intelligent-tiering', 'metadataAnnotationTable', 'metadataConfiguration'],
  ...['metadataInventoryTable', 'metadataJournalTable', 'metadataTable', 'metrics', 'object-lock'],
  ...['ownershipControls', 'policyStatus', 'publicAccessBlock'],
])

/**
 * Whether a query member must not be overlooked. Only a read overlooks any: a DELETE that meant something else must not
 * take the object.
 */
export const isTelling = (
  name: string,
  { method, address }: Pick<Unmatched, 'method' | 'address'>,
): boolean => isSubresource(name) && !(method === 'GET' && address === OBJECT && OVERLOOKED_AT_KEYS.has(name))

/** Throws InvalidArgument for two subresources at once, and for what no key has. */
export function aimed({ method, query }: Aiming, address: RestAddress): RestAddress {
  const selectors = selectorsOf(query).filter((name) => isTelling(name, { method, address: address.path }))
  if (selectors.length > 1) throw conflictingSelectors(selectors)
  const [selector] = selectors
  if (selector === undefined || method !== 'GET' || address.path !== OBJECT) return address
  if (selector === 'logging' || selector === 'versions') throw noSubresourceForKey(selector)
  if (!BUCKETS_AT_KEYS.has(selector)) return address
  const { Bucket = '' } = address.labels
  return { path: BUCKET, labels: { Bucket } }
}

/** Sorted, as S3 names them. A part's number selects nothing alone, nor does it beside its upload. */
function selectorsOf(query: URLSearchParams): string[] {
  const names = new Set([...query.keys()].filter((name) => isSubresource(name) && name !== 'versionId'))
  if (names.has('uploadId') || names.size === 1) names.delete('partNumber')
  return [...names].sort()
}
