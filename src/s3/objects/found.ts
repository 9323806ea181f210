import { type Document, EngineError, isEngineError } from '../../engine/ports/engine.ts'
import type { StreamBody } from '../../service/shape.ts'
import type { Bucket } from '../buckets/bucket.ts'
import { type ContentStores, openContent } from '../content/content.ts'
import type { ByteRange } from '../content/range.ts'
import { type Documents, objectKey } from '../documents.ts'
import { internalError, noSuchKey } from '../exceptions.ts'
import type { Damage, ObjectAddress } from './damage.ts'
import { checkKey, objectDocument, type StoredObject } from './stored-object.ts'
import { findLatestMarker, findVersion } from './versions/find-version.ts'
import { versionOf } from './versions/key-state.ts'
import { deletedKey, isDeleteMarker, noSuchVersion } from './versions/version-exceptions.ts'

/** An object as it was found. */
export interface FoundObject extends ObjectAddress {
  readonly object: StoredObject
}

/** What it takes to find an object, and to say that it is damaged. */
export interface Finding extends Documents {
  readonly damage: Pick<Damage, 'found'>
}

interface Asked {
  readonly key: string
  /** One that there may be; without it, the latest is meant. */
  readonly versionId?: string | undefined
}

interface Told {
  /** What the key is called; nearly always it is just the key. */
  readonly called?: string | undefined
  /** What a delete marker does not take. */
  readonly method?: string
}

/**
 * A key's object, or one version of it. Throws NoSuchKey, NoSuchVersion, MethodNotAllowed for a delete marker;
 * InternalError when its document is damaged.
 */
export async function requireObject(
  ports: Finding,
  { name: bucket, versioning }: Pick<Bucket, 'name' | 'versioning'>,
  { key, versionId }: Asked,
  { called = key, method = 'GET' }: Told = {},
): Promise<Document<StoredObject>> {
  checkKey(key)
  const findObject = () =>
    soundly(ports, { bucket, key }, () => objectDocument.get(ports.metadata, objectKey(bucket, key)))
  if (versioning && versionId !== undefined) {
    const address = { bucket, key, versionId }
    const found = await soundly(ports, address, () => findVersion(ports, bucket, key, versionId))
    // It may be the object, if that is damaged.
    if (!found) await findObject()
    if (!found) throw noSuchVersion(key, versionId)
    if ('object' in found) return found.object
    throw isDeleteMarker(method, versionId, found.marker.lastModified)
  }
  // What lay under a delete marker that was taken away meanwhile is the object again.
  for (let looks = versioning ? 2 : 1; looks > 0; looks--) {
    const found = await findObject()
    if (found) return found
    const marker = versioning && (await findLatestMarker(ports, bucket, key))
    if (marker) throw deletedKey(called, marker.version.id)
  }
  throw noSuchKey(called)
}

/** The id that answers about an object give: none in a bucket without versions. */
export const versionIdOf = (
  { versioning }: Pick<Bucket, 'versioning'>,
  object: Pick<StoredObject, 'version'>,
): string | undefined => versioning && versionOf(object).id

async function soundly<T>({ damage }: Finding, address: ObjectAddress, find: () => Promise<T>): Promise<T> {
  try {
    return await find()
  } catch (error) {
    if (!isEngineError(error, 'Damaged')) throw error
    damage.found(address, error)
    throw internalError()
  }
}

/**
 * An object's bytes for a client, as `openContent` reads them. Damage is said, and is InternalError: at once, or where
 * the reading breaks off. Undefined when the object was replaced since it was found.
 */
export async function openObject(
  ports: Finding & ContentStores,
  found: FoundObject,
  range: ByteRange,
): Promise<StreamBody | undefined> {
  const told = (error: unknown) => failedRead(ports, found, error)
  try {
    const body = await openContent(ports, found.object, range)
    if (body) return telling(body, told)
    if (await isStillThere(ports, found)) throw new EngineError('Damaged', 'its bytes are not there', 0)
    return undefined
  } catch (error) {
    throw await told(error)
  }
}

/** What a client is told whose reading of an object failed so; damage is said. */
export async function failedRead(ports: Finding, found: FoundObject, error: unknown): Promise<unknown> {
  if (!isEngineError(error, 'Damaged')) return error
  // Another process gives back what it replaces, also while it is read here.
  const { bucket, key, object } = found
  if (await isStillThere(ports, found))
    ports.damage.found({ bucket, key, versionId: versionOf(object).id }, error)
  return internalError()
}

async function isStillThere(ports: Documents, { bucket, key, object }: FoundObject): Promise<boolean> {
  const found = await findVersion(ports, bucket, key, versionOf(object).id)
  return found !== undefined && 'object' in found && idOf(found.object.value.content) === idOf(object.content)
}

const idOf = (content: StoredObject['content']) => (content.in === 'nothing' ? '' : content.id)

/** The same pieces; what breaks them off is `told`. Given up unread, it gives up its source. */
function telling(body: StreamBody, told: (error: unknown) => Promise<unknown>): StreamBody {
  return {
    ...(body.release && { release: body.release }),
    [Symbol.asyncIterator]() {
      const source = body[Symbol.asyncIterator]()
      return {
        next: () =>
          source.next().catch(async (error) => {
            throw await told(error)
          }),
        return: async () => (await source.return?.()) ?? { done: true, value: undefined },
        [Symbol.asyncIterator]() {
          return this
        },
      }
    },
  }
}

const ATTEMPTS = 10

/** Opens what a document names, each time it was replaced meanwhile with the document that then is. */
export async function untilFound<T>(attempt: () => Promise<T | undefined>): Promise<T> {
  for (let attempts = 0; attempts < ATTEMPTS; attempts++) {
    const found = await attempt()
    if (found !== undefined) return found
  }
  throw new Error('an object names bytes that are not there')
}
