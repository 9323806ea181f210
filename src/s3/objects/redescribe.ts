import { untilCommitted } from '../../engine/ports/update.ts'
import type { Bucket } from '../buckets/bucket.ts'
import { type Finding, requireObject } from './found.ts'
import type { StoredObject } from './stored-object.ts'

interface Redescribed {
  readonly key: string
  readonly versionId: string | undefined
  /** Of the request, for what it is told of a delete marker. */
  readonly method: string
}

/** Changes what is said of an object, or of a version; its ETag and time stay. Resolves with what it is then. */
export const redescribe = (
  ports: Finding,
  home: Bucket,
  { key, versionId, method }: Redescribed,
  change: (object: StoredObject) => StoredObject,
): Promise<StoredObject> =>
  untilCommitted(async () => {
    const object = await requireObject(ports, home, { key, versionId }, { method })
    const value = change(object.value)
    await ports.metadata.commit([{ put: object.key, value, expect: object.revision }])
    return value
  })
