import { structure } from '../../service/shape.ts'
import { requireBucket } from '../buckets/bucket.ts'
import { answerOf, configurationAnswer } from '../notifications/configuration-shapes.ts'
import { operation } from '../s3.ts'
import { bucketInput } from '../shapes.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketNotificationConfiguration.html */
export const getBucketNotificationConfiguration = operation({
  name: 'GetBucketNotificationConfiguration',
  action: 's3:GetBucketNotification',
  http: { method: 'GET', path: '/{Bucket}', query: ['notification'], xmlRoot: 'NotificationConfiguration' },
  input: structure(bucketInput),
  output: structure(configurationAnswer),
  handle: async (s3, input, caller) => answerOf((await requireBucket(s3, input, caller)).value.notifications),
})
