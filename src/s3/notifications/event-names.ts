/**
 * What is told to those who are notified. What AWS has besides is refused by name, for it does not happen here, or nobody
 * notices it: a restore that is over, a replication.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-event-types-and-destinations.html
 */
const EVENTS = {
  ObjectCreated: ['Put', 'Post', 'Copy', 'CompleteMultipartUpload'],
  ObjectRemoved: ['Delete', 'DeleteMarkerCreated'],
  LifecycleExpiration: ['Delete', 'DeleteMarkerCreated'],
  ObjectTagging: ['Put', 'Delete'],
  ObjectAcl: ['Put'],
  ObjectRestore: ['Post', 'Completed'],
} as const

type Events = typeof EVENTS
/** As an event calls itself: `ObjectCreated:Put`. */
export type EventName = { [K in keyof Events]: `${K}:${Events[K][number]}` }[keyof Events]

export const EVENT_NAMES: readonly EventName[] = Object.entries(EVENTS).flatMap(([kind, names]) =>
  names.map((name) => `${kind}:${name}` as EventName),
)

/** Of these, all can be asked for at once. */
const WITH_ALL = ['ObjectCreated', 'ObjectRemoved', 'LifecycleExpiration', 'ObjectTagging']

/** As a configuration asks for them. */
export const KNOWN_EVENTS: ReadonlySet<string> = new Set([
  ...EVENT_NAMES.map((name) => `s3:${name}`),
  ...WITH_ALL.map((kind) => `s3:${kind}:*`),
])

/** AWS's others. */
export const OTHER_EVENTS: ReadonlySet<string> = new Set([
  ...['s3:ReducedRedundancyLostObject', 's3:LifecycleTransition', 's3:IntelligentTiering'],
  ...['s3:ObjectRestore:*', 's3:ObjectRestore:Delete'],
  ...['*', 'OperationFailedReplication', 'OperationNotTracked', 'OperationMissedThreshold'].map(
    (name) => `s3:Replication:${name}`,
  ),
  's3:Replication:OperationReplicatedAfterThreshold',
])
