import { asPayload, inHeader, named, required, string, structure } from '../../service/shape.ts'
import { updateBucket } from '../bucket.ts'
import { checkedCorsRules } from '../cors.ts'
import { corsRules } from '../cors-members.ts'
import { bucketInput, checksumAlgorithm } from '../object-members.ts'
import { operation } from '../s3-operation.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketCors.html */
export const putBucketCors = operation({
  name: 'PutBucketCors',
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
