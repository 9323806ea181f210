import { EngineError, isEngineError } from '../../engine/engine.ts'
import type { StreamBody } from '../../service/shape.ts'
import { openContent } from '../content/content.ts'
import type { ByteRange } from '../content/range.ts'
import { objectKey } from '../documents.ts'
import { internalError } from '../exceptions.ts'
import type { S3 } from '../s3.ts'
import type { ObjectAddress } from './damage.ts'
import type { StoredObject } from './stored-object.ts'

/** An object as it was found. */
export interface FoundObject extends ObjectAddress {
  readonly object: StoredObject
}

/**
 * An object's bytes for a client, as `openContent` reads them. Damage is said, and is InternalError: at once, or where
 * the reading breaks off. Undefined when the object was replaced since it was found.
 */
export async function openObject(
  s3: S3,
  found: FoundObject,
  range: ByteRange,
): Promise<StreamBody | undefined> {
  const told = (error: unknown) => failedRead(s3, found, error)
  try {
    const body = await openContent(s3, found.object, range)
    if (body) return telling(body, told)
    if (await isStillThere(s3, found)) throw new EngineError('Damaged', 'its bytes are not there', 0)
    return undefined
  } catch (error) {
    throw await told(error)
  }
}

/** What a client is told whose reading of an object failed so; damage is said. */
export async function failedRead(s3: S3, found: FoundObject, error: unknown): Promise<unknown> {
  if (!isEngineError(error, 'Damaged')) return error
  // Another process gives back what it replaces, also while it is read here.
  if (await isStillThere(s3, found)) s3.damage.found(found, error)
  return internalError()
}

async function isStillThere({ metadata }: S3, { bucket, key, object }: FoundObject): Promise<boolean> {
  const now = (await metadata.get<StoredObject>(objectKey(bucket, key)))?.value.content
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
