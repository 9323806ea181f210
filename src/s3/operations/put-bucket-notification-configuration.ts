import {
  asPayload,
  boolean,
  inHeader,
  list,
  named,
  required,
  string,
  structure,
  type TypeOf,
} from '../../service/shape.ts'
import { requireBucket } from '../buckets/bucket.ts'
import { noNotifications } from '../exceptions.ts'
import { operation } from '../s3.ts'
import { bucketInput } from '../shapes.ts'

const EVENTS = {
  Events: required(named('Event', list(string(), { flattened: true }))),
  Filter: structure({
    Key: named(
      'S3Key',
      structure({
        FilterRules: named(
          'FilterRule',
          list(structure({ Name: string(), Value: string() }), { flattened: true }),
        ),
      }),
    ),
  }),
}

const notificationConfiguration = structure({
  TopicConfigurations: named(
    'TopicConfiguration',
    list(structure({ Id: string(), TopicArn: named('Topic', required(string())), ...EVENTS }), {
      flattened: true,
    }),
  ),
  QueueConfigurations: named(
    'QueueConfiguration',
    list(structure({ Id: string(), QueueArn: named('Queue', required(string())), ...EVENTS }), {
      flattened: true,
    }),
  ),
  LambdaFunctionConfigurations: named(
    'CloudFunctionConfiguration',
    list(
      structure({ Id: string(), LambdaFunctionArn: named('CloudFunction', required(string())), ...EVENTS }),
      { flattened: true },
    ),
  ),
  EventBridgeConfiguration: structure({}),
})

/**
 * Nobody is notified, and that is what may be written.
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
    /** There is no destination to be validated. */
    SkipDestinationValidation: inHeader('x-amz-skip-destination-validation', boolean()),
  }),
  output: structure({}),
  async handle(s3, input, caller) {
    await requireBucket(s3, input, caller)
    const [first] = destinationsOf(input.NotificationConfiguration)
    if (first) throw noNotifications(first.element, first.arn)
    return {}
  },
})

/** Who is to be notified, each with the name of the XML element that says it. */
const destinationsOf = ({
  TopicConfigurations: topics = [],
  QueueConfigurations: queues = [],
  LambdaFunctionConfigurations: functions = [],
  EventBridgeConfiguration: eventBridge,
}: TypeOf<typeof notificationConfiguration>): readonly { element: string; arn?: string }[] => [
  ...topics.map(({ TopicArn: arn }) => ({ element: 'TopicConfiguration', arn })),
  ...queues.map(({ QueueArn: arn }) => ({ element: 'QueueConfiguration', arn })),
  ...functions.map(({ LambdaFunctionArn: arn }) => ({ element: 'CloudFunctionConfiguration', arn })),
  ...(eventBridge ? [{ element: 'EventBridgeConfiguration' }] : []),
]
