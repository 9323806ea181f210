import { untilCommitted } from '../../engine/ports/update.ts'
import { asPayload, boolean, inHeader, named, required, structure } from '../../service/shape.ts'
import { requireBucket } from '../buckets/bucket.ts'
import type { Notification } from '../buckets/notification.ts'
import { byCaller } from '../notifications/cause.ts'
import { checkDestinations } from '../notifications/check-destinations.ts'
import { checkedNotifications } from '../notifications/checked-configuration.ts'
import { notificationConfiguration } from '../notifications/configuration-shapes.ts'
import { operation } from '../s3.ts'
import { bucketInput } from '../shapes.ts'

/**
 * Who is to be told from now on, in place of all who were; a test event goes to each.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketNotificationConfiguration.html
 */
export const putBucketNotificationConfiguration = operation({
  name: 'PutBucketNotificationConfiguration',
  action: 's3:PutBucketNotification',
  http: { method: 'PUT', path: '/{Bucket}', query: ['notification'] },
  input: structure({
    ...bucketInput,
    NotificationConfiguration: asPayload(
      named('NotificationConfiguration', required(notificationConfiguration)),
    ),
    SkipDestinationValidation: inHeader('x-amz-skip-destination-validation', boolean()),
  }),
  output: structure({}),
  async handle(s3, input, caller) {
    const { NotificationConfiguration: configuration, SkipDestinationValidation: isSkipped = false } = input
    let checked: readonly Notification[] | undefined
    await untilCommitted(async () => {
      const home = await requireBucket(s3, input, caller)
      const { notifications: _, ...bucket } = home.value
      checked ??= checkedNotifications(configuration, bucket, s3.newId)
      await checkDestinations(s3.targets, checked, { caller, isSkipped })
      const tests = isSkipped ? [] : s3.outbox.tested(bucket, checked, byCaller(caller))
      const value = checked.length > 0 ? { ...bucket, notifications: checked } : bucket
      await s3.metadata.commit([{ put: home.key, value, expect: home.revision }, ...tests])
    })
    return {}
  },
})
