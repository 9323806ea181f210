import { isEngineError } from '../../engine/ports/engine.ts'
import { untilCommitted } from '../../engine/ports/update.ts'
import { structure } from '../../service/shape.ts'
import { requireBucket } from '../buckets/bucket.ts'
import { objectsPrefix, versionsPrefix } from '../documents.ts'
import { bucketNotEmpty } from '../exceptions.ts'
import { discardUploads } from '../multipart-upload.ts'
import { operation, type S3 } from '../s3.ts'
import { bucketInput } from '../shapes.ts'

/**
 * Marks the bucket before looking whether it is empty. Whoever puts an object removes the mark in doing so
 * (`openBucket`), which makes the last commit fail: no object ever lands in a deleted bucket.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html
 */
export const deleteBucket = operation({
  name: 'DeleteBucket',
  http: { method: 'DELETE', path: '/{Bucket}', status: 204 },
  input: structure(bucketInput),
  output: structure({}),
  async handle(s3, input, caller) {
    await untilCommitted(async () => {
      const { key, value, revision } = await requireBucket(s3, input, caller)
      const marked = await s3.metadata.commit([
        { put: key, value: { ...value, isDeleting: true }, expect: revision },
      ])
      if (await holdsObjects(s3, value.name)) throw bucketNotEmpty(value.name, value.versioning !== undefined)
      await s3.metadata.commit([{ delete: key, expect: marked }])
    })
    await discardUploads(s3, input.Bucket)
    return {}
  },
})

/** Or a version, or a delete marker. A damaged one is one. */
async function holdsObjects({ metadata }: S3, bucket: string): Promise<boolean> {
  try {
    const [object] = await metadata.list({ prefix: objectsPrefix(bucket), limit: 1 })
    const [version] = object ? [] : await metadata.list({ prefix: versionsPrefix(bucket), limit: 1 })
    return object !== undefined || version !== undefined
  } catch (error) {
    if (isEngineError(error, 'Damaged')) return true
    throw error
  }
}
