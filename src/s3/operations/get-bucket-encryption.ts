import { asPayload, boolean, list, named, required, structure } from '../../service/shape.ts'
import { requireBucket } from '../buckets/bucket.ts'
import { operation } from '../s3.ts'
import { bucketInput, serverSideEncryption } from '../shapes.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketEncryption.html */
export const getBucketEncryption = operation({
  name: 'GetBucketEncryption',
  action: 's3:GetEncryptionConfiguration',
  http: {
    method: 'GET',
    path: '/{Bucket}',
    query: ['encryption'],
    xmlRoot: 'ServerSideEncryptionConfiguration',
  },
  input: structure(bucketInput),
  output: structure({
    ServerSideEncryptionConfiguration: asPayload(
      structure({
        Rules: named(
          'Rule',
          required(
            list(
              structure({
                ApplyServerSideEncryptionByDefault: structure({
                  SSEAlgorithm: required(serverSideEncryption),
                }),
                BucketKeyEnabled: boolean(),
              }),
              { flattened: true },
            ),
          ),
        ),
      }),
    ),
  }),
  async handle(s3, input, caller) {
    await requireBucket(s3, input, caller)
    return {
      ServerSideEncryptionConfiguration: {
        Rules: [
          {
            ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' as const },
            BucketKeyEnabled: false,
          },
        ],
      },
    }
  },
})
