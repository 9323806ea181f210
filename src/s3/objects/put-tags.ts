import { untilCommitted } from '../../engine/update.ts'
import type { S3 } from '../s3.ts'
import type { Tag } from '../tags.ts'
import { requireObject } from './selection.ts'
import type { StoredObject } from './stored-object.ts'

/** Replaces an object's tags; its ETag and time stay. */
export const putTags = (
  s3: S3,
  { Bucket: bucket, Key: key }: { readonly Bucket: string; readonly Key: string },
  tags: readonly Tag[],
): Promise<unknown> =>
  untilCommitted(async () => {
    const object = await requireObject(s3, bucket, key)
    const value: StoredObject = { ...object.value, tags }
    return s3.metadata.commit([{ put: object.key, value, expect: object.revision }])
  })
