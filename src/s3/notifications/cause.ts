import type { Caller } from '../../service/operation.ts'
import type { EventName } from './event-names.ts'

/** Who changes an object, as an event tells it. */
export interface Doer {
  readonly principalId: string
  /** The client's IP address, or the name of the service that did it by itself. */
  readonly address: string
  readonly requestId: string
  /** `x-amz-id-2` of the answer, where there is one. */
  readonly hostId?: string | undefined
}

/** Why an object is changed: what is told of it. */
export interface Cause {
  readonly event: EventName
  readonly by: Doer
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html */
export const byCaller = ({ principal, connection, requestId, hostId }: Caller): Doer => ({
  principalId: principal.kind === 'anonymous' ? 'Anonymous' : `AWS:${principal.userId}`,
  ...{ address: connection.address, requestId, hostId },
})

/** The one reason of what a caller asks for, whichever the bucket is. */
export const causedBy = (event: EventName, caller: Caller) => (): readonly Cause[] => [
  { event, by: byCaller(caller) },
]

/** A service that nobody asked at this moment: `s3.amazonaws.com` where a lifecycle rule lets an object go. */
export const byService = (name: string, newId: () => string): Doer => ({
  ...{ principalId: name, address: name },
  requestId: newId().slice(0, REQUEST_ID_LENGTH).toUpperCase(),
})

const REQUEST_ID_LENGTH = 16

/** Why a lifecycle rule's deletions happen. */
export const byLifecycle = ({ newId }: { readonly newId: () => string }) =>
  ({ kind: 'LifecycleExpiration', by: byService('s3.amazonaws.com', newId) }) as const
