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

/** How the names of AWS's operations begin, by method. */
const VERBS: Readonly<Record<string, readonly string[]>> = {
  GET: ['Get', 'Create'],
  PUT: ['Put', 'Update'],
  POST: ['Create'],
  DELETE: ['Delete'],
}

interface Addressed {
  readonly method: string
  readonly level: 'Bucket' | 'Object'
  readonly subresource: string
  /** One of many is meant, by `?id=`. */
  readonly hasId: boolean
}

/**
 * AWS's name for what a method does to a subresource, if it is among `names`: GET ?acl on a bucket is GetBucketAcl,
 * PUT ?object-lock is PutObjectLockConfiguration, POST ?restore is RestoreObject.
 */
export function operationNamed(
  names: readonly string[],
  { method, level, subresource, hasId }: Addressed,
): string | undefined {
  const noun = subresource.replaceAll('-', '')
  const actions = [level + noun, noun]
    .flatMap((object) => [object, `${object}Configuration`])
    .flatMap((object) => (VERBS[method] ?? []).map((verb) => verb + object))
  const lists = method === 'GET' && !hasId ? [`List${level}${noun}Configurations`] : []
  const wanted = [...lists, ...actions, noun, noun + level, `${noun + level}Content`]
  const known = new Map(names.map((name) => [name.toLowerCase(), name]))
  return wanted.map((name) => known.get(name.toLowerCase())).find((name) => name !== undefined)
}
