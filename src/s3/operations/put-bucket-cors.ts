import { asPayload, inHeader, named, required, string, structure } from '../../service/shape.ts'
import { updateBucket } from '../buckets/bucket.ts'
import { checkedCorsRules, corsRules } from '../buckets/cors-rules.ts'
import { operation } from '../s3.ts'
import { bucketInput, checksumAlgorithm } from '../shapes.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketCors.html */
export const putBucketCors = operation({
  name: 'PutBucketCors',
  action: 's3:PutBucketCORS',
  http: { method: 'PUT', path: '/{Bucket}', query: ['cors'] },
  input: structure({
    ...bucketInput,
    CORSConfiguration: asPayload(
      named('CORSConfiguration', required(structure({ CORSRules: required(corsRules) }))),
    ),
    ContentMD5: inHeader('Content-MD5', string()),
    ChecksumAlgorithm: inHeader('x-amz-sdk-checksum-algorithm', checksumAlgorithm),
  }),
  output: structure({}),
  async handle(s3, input, caller) {
    const rules = checkedCorsRules(input.CORSConfiguration?.CORSRules ?? [])
    await updateBucket(s3, input, caller, (bucket) => ({ ...bucket, corsRules: rules }))
    return {}
  },
})
