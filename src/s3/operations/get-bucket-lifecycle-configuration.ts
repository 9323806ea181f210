import { structure } from '../../service/shape.ts'
import { requireBucket } from '../buckets/bucket.ts'
import { lifecycleRules } from '../buckets/lifecycle.ts'
import { notConfigured } from '../exceptions.ts'
import { operation } from '../s3.ts'
import { bucketInput } from '../shapes.ts'
import { transitionDefault } from './put-bucket-lifecycle-configuration.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLifecycleConfiguration.html */
export const getBucketLifecycleConfiguration = operation({
  name: 'GetBucketLifecycleConfiguration',
  action: 's3:GetLifecycleConfiguration',
  http: { method: 'GET', path: '/{Bucket}', query: ['lifecycle'], xmlRoot: 'LifecycleConfiguration' },
  input: structure(bucketInput),
  output: structure({ Rules: lifecycleRules, TransitionDefaultMinimumObjectSize: transitionDefault }),
  async handle(s3, input, caller) {
    const { name, lifecycleRules: rules, transitionMinimum } = (await requireBucket(s3, input, caller)).value
    if (!rules)
      throw notConfigured('NoSuchLifecycleConfiguration', 'The lifecycle configuration does not exist', name)
    return { Rules: [...rules], TransitionDefaultMinimumObjectSize: transitionMinimum }
  },
})
