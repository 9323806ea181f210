import { type Document, EngineError, isEngineError } from '../../engine/ports/engine.ts'
import type { StreamBody } from '../../service/shape.ts'
import { type ContentStores, openContent } from '../content/content.ts'
import type { ByteRange } from '../content/range.ts'
import { type Documents, objectKey } from '../documents.ts'
import { internalError, noSuchKey } from '../exceptions.ts'
import type { Damage, ObjectAddress } from './damage.ts'
import { checkKey, objectDocument, type StoredObject } from './stored-object.ts'

/** An object as it was found. */
export interface FoundObject extends ObjectAddress {
  readonly object: StoredObject
}

/** What it takes to find an object, and to say that it is damaged. */
export interface Finding extends Documents {
  readonly damage: Pick<Damage, 'found'>
}

/** Throws NoSuchKey, which nearly always calls an object by its key alone; InternalError when its document is damaged. */
export async function requireObject(
  ports: Finding,
  bucket: string,
  key: string,
  called = key,
): Promise<Document<StoredObject>> {
  checkKey(key)
  const found = await findObject(ports, bucket, key)
  if (!found) throw noSuchKey(called)
  return found
}

async function findObject(
  { metadata, damage }: Finding,
  bucket: string,
  key: string,
): Promise<Document<StoredObject> | undefined> {
  try {
    return await objectDocument.get(metadata, objectKey(bucket, key))
  } catch (error) {
    if (!isEngineError(error, 'Damaged')) throw error
    damage.found({ bucket, key }, error)
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
  if (await isStillThere(ports, found)) ports.damage.found(found, error)
  return internalError()
}

async function isStillThere({ metadata }: Documents, { bucket, key, object }: FoundObject): Promise<boolean> {
  const now = (await objectDocument.get(metadata, objectKey(bucket, key)))?.value.content
  return now !== undefined && idOf(now) === idOf(object.content)
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
