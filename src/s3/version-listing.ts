import type { Revision } from '../engine/ports/engine.ts'
import { type Bucket, type Requesting, requireBucket } from './buckets/bucket.ts'
import { type Documents, historyKey, objectsPrefix, versionsPrefix } from './documents.ts'
import {
  commonPrefixOf,
  type Listed,
  type ListingInput,
  listPage,
  pageSize,
  printerOf,
  type Seek,
  type Source,
} from './listing.ts'
import { checkKey, objectDocument, type StoredObject } from './objects/stored-object.ts'
import { NULL_VERSION, orderOf, type Version } from './objects/version-id.ts'
import {
  type DeleteMarker,
  historyDocument,
  isMarker,
  type KeptVersion,
  keptFrom,
  keptPrefix,
  keyOfPlace,
  placeBefore,
  placeBehind,
  placeOf,
  versionDocument,
} from './objects/versions/kept-version.ts'
import { versionOf } from './objects/versions/key-state.ts'

/** One version among all of its bucket: by key and, within a key, the newest first. */
export interface ListedVersion extends Listed {
  /** The key. */
  readonly name: string
  readonly version: Version
  readonly isLatest: boolean
  readonly revision: Revision
  readonly of: { readonly object: StoredObject } | { readonly marker: DeleteMarker }
}

interface VersionMarker {
  readonly KeyMarker?: string | undefined
  /** Without it the page begins behind all versions of the key. */
  readonly VersionIdMarker?: string | undefined
}

interface VersionPage {
  readonly bucket: Bucket
  readonly maxKeys: number
  readonly print: (text: string) => string
  readonly versions: readonly ListedVersion[]
  readonly commonPrefixes: readonly string[]
  /** What was shown last, when more follows: a version, or a common prefix. */
  readonly next?: { readonly key: string; readonly versionId?: string }
}

/** One page of a bucket's versions and delete markers. */
export async function listVersions(
  ports: Documents,
  input: ListingInput & VersionMarker,
  caller: Requesting,
  check: (bucket: Bucket) => void,
): Promise<VersionPage> {
  const bucket = (await requireBucket(ports, input, caller)).value
  check(bucket)
  const print = printerOf(input.EncodingType)
  const { Prefix: prefix = '', Delimiter: delimiter = '', KeyMarker: keyMarker = '' } = input
  const maxKeys = pageSize('max-keys', input.MaxKeys)
  checkKey(prefix)
  checkKey(keyMarker)
  const after =
    keyMarker === ''
      ? undefined
      : (commonPrefixOf(keyMarker, prefix, delimiter) ??
        (await placeOfMarker(ports, bucket, keyMarker, input.VersionIdMarker)))
  const page = await listPage(versionsOf(ports, bucket), { prefix, delimiter, after, limit: maxKeys })
  const { entries, commonPrefixes, next } = page
  const last = entries.at(-1)
  return {
    ...{ bucket, maxKeys, print, versions: entries, commonPrefixes },
    ...(next !== undefined && {
      next: last && next === last.key ? { key: last.name, versionId: last.version.id } : { key: next },
    }),
  }
}

/** A `null` version that is gone says nothing of where it was: all that is left of its key is listed. */
async function placeOfMarker(
  { metadata }: Documents,
  { name, versioning }: Bucket,
  key: string,
  versionId: string | undefined,
): Promise<string> {
  if (versionId === undefined || !versioning) return ended(placeBehind(key))
  if (versionId !== NULL_VERSION) return ended(placeOf(key, orderOf(versionId)!))
  const current = await objectDocument.getUndamaged(metadata, objectsPrefix(name) + key)
  if (current && versionOf(current.value).id === NULL_VERSION)
    return ended(placeOf(key, versionOf(current.value).order))
  const history = await historyDocument.getUndamaged(metadata, historyKey(name, key))
  const order = history?.value.nullVersion
  return ended(order === undefined ? placeBefore(key) : placeOf(key, order))
}

/** No delimiter ends like this, so that no place is taken for a common prefix. */
const END = '\0'
const ended = (place: string): string => place + END

/** In order; what was moved while it was read is not left out, nor listed twice. */
export function versionsOf(ports: Documents, { name, versioning }: Bucket): Source<ListedVersion> {
  return async (seek) => {
    if (!versioning) return await objectsOf(ports, name, seek)
    for (let looks = LOOKS; ; looks--) {
      const before = await objectsOf(ports, name, seek)
      const kept = await keptOf(ports, name, seek)
      const after = await objectsOf(ports, name, seek)
      if (looks === 1 || isSame(before, after)) return merged(after, kept).slice(0, seek.limit)
    }
  }
}

const LOOKS = 4

const isSame = (one: readonly ListedVersion[], other: readonly ListedVersion[]): boolean =>
  one.length === other.length &&
  one.every(({ key, revision }, index) => {
    const { key: otherKey, revision: otherRevision } = other[index]!
    return key === otherKey && revision === otherRevision
  })

/** A version is in one or the other, but for one that has just been moved. */
function merged(objects: readonly ListedVersion[], kept: readonly ListedVersion[]): readonly ListedVersion[] {
  const places = new Map([...kept, ...objects].map((each) => [each.key, each]))
  return [...places.values()].sort((one, other) => compareText(one.key, other.key))
}

/** As the store lists them. */
const compareText = (one: string, other: string): number =>
  Buffer.compare(Buffer.from(one), Buffer.from(other))

async function objectsOf(
  { metadata }: Documents,
  bucket: string,
  { prefix, from, after, limit }: Seek,
): Promise<readonly ListedVersion[]> {
  const home = objectsPrefix(bucket)
  const start = after === undefined ? from : keyOfPlace(after)
  const found = await objectDocument.list(metadata, {
    prefix: home + prefix,
    ...(start === undefined ? {} : { from: home + start }),
    // The first may lie before `after`.
    limit: limit + 1,
    damaged: 'left out',
  })
  return found
    .map(({ key: document, value: object, revision }): ListedVersion => {
      const key = document.slice(home.length)
      const version = versionOf(object)
      const place = ended(placeOf(key, version.order))
      return { key: place, name: key, version, isLatest: true, revision, of: { object } }
    })
    .filter(({ key }) => after === undefined || compareText(key, after) > 0)
    .slice(0, limit)
}

async function keptOf(
  { metadata }: Documents,
  bucket: string,
  { prefix, from, after, limit }: Seek,
): Promise<readonly ListedVersion[]> {
  const found = await versionDocument.list(metadata, {
    prefix: keptPrefix(bucket, prefix),
    from: keptFrom(bucket, from ?? prefix),
    ...(after === undefined ? {} : { after: versionsPrefix(bucket) + after.slice(0, -END.length) }),
    limit,
    damaged: 'left out',
  })
  const home = versionsPrefix(bucket)
  return found
    .map(({ key, value, revision }) => ({ ...listed(key.slice(home.length), value), revision }))
    .filter(({ name }) => name.startsWith(prefix))
}

function listed(place: string, kept: KeptVersion): Omit<ListedVersion, 'revision'> {
  const isOfMarker = isMarker(kept)
  return {
    ...{ key: ended(place), name: keyOfPlace(place), version: kept.version },
    isLatest: isOfMarker && kept.noncurrentAt === undefined,
    of: isOfMarker ? { marker: kept } : { object: kept },
  }
}
