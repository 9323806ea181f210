import { list, named, required, string, structure, type TypeOf } from '../../service/shape.ts'
import type { Notification } from '../buckets/notification.ts'

const RULES = {
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

const queueConfigurations = named(
  'QueueConfiguration',
  list(structure({ Id: string(), QueueArn: named('Queue', required(string())), ...RULES }), {
    flattened: true,
  }),
)

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_NotificationConfiguration.html */
export const notificationConfiguration = structure({
  TopicConfigurations: named(
    'TopicConfiguration',
    list(structure({ Id: string(), TopicArn: named('Topic', required(string())), ...RULES }), {
      flattened: true,
    }),
  ),
  QueueConfigurations: queueConfigurations,
  LambdaFunctionConfigurations: named(
    'CloudFunctionConfiguration',
    list(
      structure({ Id: string(), LambdaFunctionArn: named('CloudFunction', required(string())), ...RULES }),
      {
        flattened: true,
      },
    ),
  ),
  EventBridgeConfiguration: structure({}),
})

export type NotificationConfiguration = TypeOf<typeof notificationConfiguration>

/** What is answered of it: there is nothing but queues. */
export const configurationAnswer = { QueueConfigurations: queueConfigurations }

export const answerOf = (notifications: readonly Notification[] = []) =>
  notifications.length === 0 ? {} : { QueueConfigurations: notifications.map(queueOf) }

function queueOf({ id, destination, events, prefix, suffix }: Notification) {
  const rules = [
    ...(prefix === undefined ? [] : [{ Name: 'Prefix', Value: prefix }]),
    ...(suffix === undefined ? [] : [{ Name: 'Suffix', Value: suffix }]),
  ]
  return {
    ...{ Id: id, QueueArn: destination, Events: [...events] },
    ...(rules.length > 0 && { Filter: { Key: { FilterRules: rules } } }),
  }
}
