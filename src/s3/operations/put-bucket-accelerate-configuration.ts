import { asPayload, inHeader, named, oneOf, required, structure } from '../../service/shape.ts'
import { updateBucket } from '../buckets/bucket.ts'
import { malformedXml, notImplementedFeature } from '../exceptions.ts'
import { operation } from '../s3.ts'
import { bucketInput, checksumAlgorithm } from '../shapes.ts'

/**
 * There is nothing to accelerate: it may be suspended.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketAccelerateConfiguration.html
 */
export const putBucketAccelerateConfiguration = operation({
  name: 'PutBucketAccelerateConfiguration',
  action: 's3:PutAccelerateConfiguration',
  http: { method: 'PUT', path: '/{Bucket}', query: ['accelerate'] },
  input: structure({
    ...bucketInput,
    ChecksumAlgorithm: inHeader('x-amz-sdk-checksum-algorithm', checksumAlgorithm),
    AccelerateConfiguration: asPayload(
      named('AccelerateConfiguration', required(structure({ Status: oneOf('Enabled', 'Suspended') }))),
    ),
  }),
  output: structure({}),
  async handle(s3, input, caller) {
    const { Status: status } = input.AccelerateConfiguration
    if (status === 'Enabled') throw notImplementedFeature('transfer acceleration')
    if (status !== 'Suspended') throw malformedXml()
    await updateBucket(s3, input, caller, (bucket) => ({ ...bucket, acceleration: 'Suspended' as const }))
    return {}
  },
})
