/** The query members by which S3 tells one operation from another, or changes what it does. */
const SUBRESOURCES: ReadonlySet<string> = new Set([
  'abac',
  'accelerate',
  'acl',
  'analytics',
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

/**
 * AWS's name for what a method does to a subresource, if it is among `names`: GET ?acl on a bucket is GetBucketAcl,
 * PUT ?object-lock is PutObjectLockConfiguration.
 */
export function operationNamed(
  names: readonly string[],
  method: string,
  level: 'Bucket' | 'Object',
  subresource: string,
): string | undefined {
  const noun = subresource.replaceAll('-', '')
  const wanted = [level + noun, noun]
    .flatMap((object) => [object, `${object}Configuration`])
    .map((object) => (method + object).toLowerCase())
  return names.find((name) => wanted.includes(name.toLowerCase()))
}
