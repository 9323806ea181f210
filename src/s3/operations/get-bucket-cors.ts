import { structure } from '../../service/shape.ts'
import { requireBucket } from '../buckets/bucket.ts'
import { corsRules } from '../buckets/cors-rules.ts'
import { notConfigured } from '../exceptions.ts'
import { operation } from '../s3.ts'
import { bucketInput } from '../shapes.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketCors.html */
export const getBucketCors = operation({
  name: 'GetBucketCors',
  action: 's3:GetBucketCORS',
  http: { method: 'GET', path: '/{Bucket}', query: ['cors'], xmlRoot: 'CORSConfiguration' },
  input: structure(bucketInput),
  output: structure({ CORSRules: corsRules }),
  async handle(s3, input, caller) {
    const { name, corsRules: rules } = (await requireBucket(s3, input, caller)).value
    if (!rules) throw notConfigured('NoSuchCORSConfiguration', 'The CORS configuration does not exist', name)
    return { CORSRules: [...rules] }
  },
})
