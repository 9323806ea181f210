import { parseArn } from '../../service/arn.ts'
import { isOverlapping, type Notification } from '../buckets/notification.ts'
import { malformedXml } from '../exceptions.ts'
import type { NotificationConfiguration } from './configuration-shapes.ts'
import { type Destination, parseDestination } from './destination-arn.ts'
import { KNOWN_EVENTS, OTHER_EVENTS } from './event-names.ts'
import {
  ambiguousFilters,
  foreignRegion,
  idTooLong,
  noNotifications,
  ruleTooLong,
  secondRule,
  sharedEvent,
  sharedId,
  tooManyNotifications,
  unknownEvent,
  unparsableArn,
  wrongRuleName,
} from './notification-exceptions.ts'

/** Of a bucket. */
const MOST_NOTIFICATIONS = 100
const MOST_ID_LENGTH = 255
const MOST_RULE_BYTES = 1024

type QueueConfiguration = NonNullable<NotificationConfiguration['QueueConfigurations']>[number]

/**
 * What is to be kept of a configuration. Throws MalformedXML, or InvalidArgument for what contradicts itself and for
 * what there is not: topics, functions, and EventBridge.
 */
export function checkedNotifications(
  { QueueConfigurations: queues = [], ...others }: NotificationConfiguration,
  { region }: { readonly region: string },
  newId: () => string,
): readonly Notification[] {
  refuseOthers(others)
  if (queues.length > MOST_NOTIFICATIONS) throw tooManyNotifications(MOST_NOTIFICATIONS)
  const notifications = queues.map((queue) => checkedQueue(queue, region, newId))
  const ids = new Set<string>()
  for (const { id } of notifications) {
    if (ids.has(id)) throw sharedId(id)
    ids.add(id)
  }
  for (const [index, one] of notifications.entries())
    for (const other of notifications.slice(index + 1))
      if (isOverlapping(one, other))
        throw isFiltered(one) || isFiltered(other) ? ambiguousFilters() : sharedEvent()
  return notifications
}

const isFiltered = ({ prefix, suffix }: Notification): boolean => Boolean(prefix || suffix)

function refuseOthers({
  TopicConfigurations: topics = [],
  LambdaFunctionConfigurations: functions = [],
  EventBridgeConfiguration: eventBridge,
}: NotificationConfiguration): void {
  if (topics[0])
    throw noNotifications('event notifications by SNS topics', 'TopicConfiguration', topics[0].TopicArn)
  if (functions[0])
    throw noNotifications(
      'event notifications by Lambda functions',
      'CloudFunctionConfiguration',
      functions[0].LambdaFunctionArn,
    )
  if (eventBridge) throw noNotifications('event notifications by EventBridge', 'EventBridgeConfiguration')
}

function checkedQueue(queue: QueueConfiguration, region: string, newId: () => string): Notification {
  const { Id: id, QueueArn: arn, Events: events, Filter: filter } = queue
  if (arn === undefined || !events || events.length === 0) throw malformedXml()
  if (id !== undefined && id.length > MOST_ID_LENGTH) throw idTooLong(id)
  checkEvents(events)
  const destination = checkedDestination(arn)
  if (destination.kind === 'stream' && destination.region !== region) throw foreignRegion(arn)
  return { id: id || newId(), destination: arn, events, ...checkedRules(filter?.Key?.FilterRules ?? []) }
}

function checkedDestination(arn: string): Destination {
  const destination = parseDestination(arn)
  if (destination) return destination
  const service = parseArn(arn)?.service
  const isOther = service !== undefined && service !== 'kinesis'
  throw isOther
    ? noNotifications(`event notifications to ${NAMES[service] ?? service}`, 'QueueConfiguration', arn)
    : unparsableArn('Queue', arn)
}

const NAMES: Readonly<Record<string, string>> = {
  sqs: 'SQS',
  sns: 'SNS',
  lambda: 'Lambda',
  events: 'EventBridge',
}

function checkEvents(events: readonly string[]): void {
  for (const event of events)
    if (!KNOWN_EVENTS.has(event))
      throw OTHER_EVENTS.has(event)
        ? noNotifications(`event notifications of ${event}`, 'Event', event)
        : unknownEvent(event)
}

type Rule = { readonly Name?: string | undefined; readonly Value?: string | undefined }

function checkedRules(rules: readonly Rule[]): Pick<Notification, 'prefix' | 'suffix'> {
  const checked: { prefix?: string; suffix?: string } = {}
  for (const { Name: given = '', Value: value = '' } of rules) {
    const name = given.toLowerCase()
    if (name !== 'prefix' && name !== 'suffix') throw wrongRuleName(given)
    if (checked[name] !== undefined) throw secondRule(name)
    if (Buffer.byteLength(value) > MOST_RULE_BYTES) throw ruleTooLong(value)
    checked[name] = value
  }
  return checked
}
