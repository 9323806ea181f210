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
  const merged: KeyVersion[] = []
  while (objects[0] && markers[0]) merged.push((isNewer(markers[0], objects[0]) ? markers : objects).shift()!)
  return [...merged, ...objects, ...markers]
}

/** Times are told in seconds: within one, the ids tell the order. */
function isNewer(one: KeyVersion, other: KeyVersion): boolean {
  if (one.isLatest !== other.isLatest) return one.isLatest
  return one.at === other.at ? orderText(one.id) > orderText(other.id) : one.at > other.at
}

/** The letters that ids begin with, which count up, as text that sorts as they count; that of `null` is before all. */
const orderText = (id: string): string =>
  id === 'null'
    ? ''
    : [...id.slice(0, 8)].map((letter) => String.fromCharCode(33 + LETTERS.indexOf(letter))).join('')

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._'

/** Keys that have versions, but no object. */
export const deletedKeys = ({ DeleteMarkers = [] }: VersionListing): readonly string[] =>
  DeleteMarkers.filter(({ IsLatest }) => IsLatest).map(({ Key }) => Key)
