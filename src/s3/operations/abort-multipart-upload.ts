import { untilCommitted } from '../../engine/ports/update.ts'
import { inHeader, structure, timestamp } from '../../service/shape.ts'
import { requireBucket } from '../buckets/bucket.ts'
import { endedUpload, requireUpload, uploadInput } from '../multipart-upload.ts'
import { operation } from '../s3.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html */
export const abortMultipartUpload = operation({
  name: 'AbortMultipartUpload',
  http: { method: 'DELETE', path: '/{Bucket}/{Key+}', query: ['uploadId'], status: 204 },
  input: structure({
    ...uploadInput,
    IfMatchInitiatedTime: inHeader('x-amz-if-match-initiated-time', timestamp({ format: 'http-date' })),
  }),
  output: structure({}),
  async handle(s3, input, caller) {
    await requireBucket(s3, input, caller)
    await untilCommitted(async () => s3.metadata.commit(endedUpload(s3, await requireUpload(s3, input))))
    s3.collector.wake()
    return {}
  },
})
