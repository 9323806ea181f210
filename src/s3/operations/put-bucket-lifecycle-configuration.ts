import { asPayload, inHeader, named, oneOf, required, structure } from '../../service/shape.ts'
import { updateBucket } from '../buckets/bucket.ts'
import { checkedLifecycleRules, lifecycleRules } from '../buckets/lifecycle.ts'
import { operation } from '../s3.ts'
import { bucketInput, checksumAlgorithm } from '../shapes.ts'

/** What transitions would leave alone, were there any. */
export const transitionDefault = inHeader(
  'x-amz-transition-default-minimum-object-size',
  oneOf('varies_by_storage_class', 'all_storage_classes_128K'),
)

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html */
export const putBucketLifecycleConfiguration = operation({
  name: 'PutBucketLifecycleConfiguration',
  action: 's3:PutLifecycleConfiguration',
  http: { method: 'PUT', path: '/{Bucket}', query: ['lifecycle'] },
  input: structure({
    ...bucketInput,
    ChecksumAlgorithm: inHeader('x-amz-sdk-checksum-algorithm', checksumAlgorithm),
    LifecycleConfiguration: asPayload(
      named('LifecycleConfiguration', structure({ Rules: required(lifecycleRules) })),
    ),
    TransitionDefaultMinimumObjectSize: transitionDefault,
  }),
  output: structure({ TransitionDefaultMinimumObjectSize: transitionDefault }),
  async handle(s3, input, caller) {
    const rules = checkedLifecycleRules(input.LifecycleConfiguration?.Rules ?? [], s3.newId)
    const transitionMinimum = input.TransitionDefaultMinimumObjectSize ?? 'all_storage_classes_128K'
    await updateBucket(s3, input, caller, (bucket) => ({
      ...bucket,
      lifecycleRules: rules,
      transitionMinimum,
    }))
    return { TransitionDefaultMinimumObjectSize: transitionMinimum }
  },
})
