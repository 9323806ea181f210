import { asPayload, inHeader, list, named, oneOf, required, string, structure } from '../../service/shape.ts'
import { grantee } from '../acl/acl.ts'
import { requireBucket } from '../buckets/bucket.ts'
import { notImplementedFeature } from '../exceptions.ts'
import { operation } from '../s3.ts'
import { bucketInput, checksumAlgorithm } from '../shapes.ts'

/**
 * Nothing is logged, and that is what may be written.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLogging.html
 */
export const putBucketLogging = operation({
  name: 'PutBucketLogging',
  http: { method: 'PUT', path: '/{Bucket}', query: ['logging'] },
  input: structure({
    ...bucketInput,
    ContentMD5: inHeader('Content-MD5', string()),
    ChecksumAlgorithm: inHeader('x-amz-sdk-checksum-algorithm', checksumAlgorithm),
    BucketLoggingStatus: asPayload(
      named(
        'BucketLoggingStatus',
        required(
          structure({
            LoggingEnabled: structure({
              TargetBucket: required(string()),
              TargetGrants: list(
                named(
                  'Grant',
                  structure({ Grantee: grantee, Permission: oneOf('FULL_CONTROL', 'READ', 'WRITE') }),
                ),
              ),
              TargetPrefix: required(string()),
              TargetObjectKeyFormat: structure({
                SimplePrefix: structure({}),
                PartitionedPrefix: structure({ PartitionDateSource: oneOf('EventTime', 'DeliveryTime') }),
              }),
            }),
          }),
        ),
      ),
    ),
  }),
  output: structure({}),
  async handle(s3, input, caller) {
    await requireBucket(s3, input, caller)
    if (input.BucketLoggingStatus.LoggingEnabled) throw notImplementedFeature('PutBucketLogging to a bucket')
    return {}
  },
})
