/** What ListObjectVersions answers, as far as it is shown. */
export interface VersionListing {
  readonly Versions?: readonly (ListedEntry & { readonly Size: number })[]
  readonly DeleteMarkers?: readonly ListedEntry[]
  readonly NextKeyMarker?: string
  readonly NextVersionIdMarker?: string
  readonly IsTruncated: boolean
}

interface ListedEntry {
  readonly Key: string
  readonly VersionId: string
  readonly IsLatest: boolean
  /** s since 1970 */
  readonly LastModified: number
}

export interface KeyVersion {
  readonly id: string
  /** ms since 1970 */
  readonly at: number
  readonly isLatest: boolean
  readonly isMarker: boolean
  /** 0 for a delete marker. */
  readonly sizeBytes: number
}

/** Those of one key, the newest first. Versions and delete markers come in lists of their own, each in order. */
export function versionsOfKey(
  { Versions = [], DeleteMarkers = [] }: VersionListing,
  key: string,
): readonly KeyVersion[] {
  const of =
    (isMarker: boolean) =>
    ({ VersionId: id, LastModified, IsLatest: isLatest, Size = 0 }: ListedEntry & { Size?: number }) => ({
      ...{ id, at: LastModified * 1000, isLatest, isMarker, sizeBytes: Size },
    })
  const isOfKey = ({ Key }: ListedEntry) => Key === key
  const objects = Versions.filter(isOfKey).map(of(false))
  const markers = DeleteMarkers.filter(isOfKey).map(of(true))
  const rank = ({ isLatest, at }: KeyVersion) => (isLatest ? Number.POSITIVE_INFINITY : at)
  return [...objects, ...markers].sort((one, other) =>
    rank(other) === rank(one) ? 0 : rank(other) > rank(one) ? 1 : -1,
  )
}

/** Keys that have versions, but no object. */
export const deletedKeys = ({ DeleteMarkers = [] }: VersionListing): readonly string[] =>
  DeleteMarkers.filter(({ IsLatest }) => IsLatest).map(({ Key }) => Key)
