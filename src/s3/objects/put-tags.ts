import { untilCommitted } from '../../engine/ports/update.ts'
import type { Bucket } from '../buckets/bucket.ts'
import type { Tag } from '../tags.ts'
import { type Finding, requireObject } from './found.ts'
import type { StoredObject } from './stored-object.ts'

interface Tagged {
  readonly Key: string
  readonly VersionId?: string | undefined
}

/** Replaces an object's tags, or a version's; its ETag and time stay. Resolves with what they are of. */
export const putTags = (
  ports: Finding,
  home: Bucket,
  { Key: key, VersionId: versionId, tags }: Tagged & { readonly tags: readonly Tag[] },
  method: string,
): Promise<StoredObject> =>
  untilCommitted(async () => {
    const object = await requireObject(ports, home, { key, versionId }, { method })
    const value: StoredObject = { ...object.value, tags }
    await ports.metadata.commit([{ put: object.key, value, expect: object.revision }])
    return value
  })
