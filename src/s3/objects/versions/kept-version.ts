import { either, maybe, number, oneOf, shape } from '../../../engine/ports/checks.ts'
import { document } from '../../../engine/ports/document.ts'
import { everyVersionPrefix, historiesPrefix, versionsPrefix } from '../../documents.ts'
import { objectMembers, type StoredObject } from '../stored-object.ts'
import { ORDERS, type Version, versionCheck } from '../version-id.ts'
import { END, readKey, written, writtenPrefix } from './written-key.ts'

/** A version that is not the key's object any more. */
export interface OldObject extends StoredObject {
  readonly version: Version
  /** ms since 1970: when another came to lie above it. */
  readonly noncurrentAt: number
}

/** What a DELETE leaves in a bucket with versions. */
export interface DeleteMarker {
  readonly isDeleteMarker: true
  readonly version: Version
  /** ms since 1970, whole seconds */
  readonly lastModified: number
  /** ms since 1970; absent as long as it is the latest. */
  readonly noncurrentAt?: number
}

export type KeptVersion = OldObject | DeleteMarker

export const isMarker = (kept: KeptVersion): kept is DeleteMarker => 'isDeleteMarker' in kept

export const versionDocument = document<KeptVersion>({
  keys: everyVersionPrefix,
  version: 1,
  check: either(
    shape<DeleteMarker>({
      isDeleteMarker: oneOf(true),
      version: versionCheck,
      lastModified: number,
      noncurrentAt: maybe(number),
    }),
    shape<OldObject>({ ...objectMembers, version: versionCheck, noncurrentAt: number }),
  ),
})

/** What is known of those versions of a key that are not its object; there is none without such a version. */
export interface History {
  /** How many. */
  readonly count: number
  /** The order of the delete marker that is the key's latest version: there is no object then. */
  readonly marker?: number
  /** The order of the one whose id is `null`. */
  readonly nullVersion?: number
}

export const historyDocument = document<History>({
  keys: historiesPrefix,
  version: 1,
  check: shape<History>({ count: number, marker: maybe(number), nullVersion: maybe(number) }),
})

const DIGITS = 12
/** Where a version stands among all of its bucket: its key sorts as UTF-8 does, and behind each the newest come first. */
export const placeOf = (key: string, order: number): string =>
  `${written(key)}${END}${(ORDERS - 1 - order).toString(16).padStart(DIGITS, '0')}`

/** The place before all versions of a key. */
export const placeBefore = (key: string): string => written(key) + END

/** The place behind all versions of a key. */
export const placeBehind = (key: string): string => `${written(key)}${END}~`

export const keyOfPlace = (place: string): string => readKey(place.slice(0, place.lastIndexOf(END)))

export const keptKey = (bucket: string, key: string, order: number): string =>
  versionsPrefix(bucket) + placeOf(key, order)

/** What the documents of the keys that begin so begin with; a few others do, too, before and behind all of them. */
export const keptPrefix = (bucket: string, prefix: string): string =>
  versionsPrefix(bucket) + writtenPrefix(prefix)

/** Where the documents of that key begin, and of all that sort behind it. */
export const keptFrom = (bucket: string, key: string): string => versionsPrefix(bucket) + written(key)

/** What the documents of one key begin with. */
export const keptOfKey = (bucket: string, key: string): string => `${keptFrom(bucket, key)}${END}`
