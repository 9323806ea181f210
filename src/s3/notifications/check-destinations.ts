import type { Caller } from '../../service/operation.ts'
import type { Notification } from '../buckets/notification.ts'
import { type Destination, parseDestination } from './destination-arn.ts'
import { unusableDestinations } from './notification-exceptions.ts'
import type { Targets } from './targets.ts'

interface Asking {
  readonly caller: Pick<Caller, 'judge'>
  /** Whether anybody is there is not looked at; whether the caller may tell them is, all the same. */
  readonly isSkipped: boolean
}

/**
 * Throws InvalidArgument unless somebody can be told at each destination, and the caller may: no bucket tells a stream what
 * its owner could not have put there.
 */
export async function checkDestinations(
  targets: Targets,
  notifications: readonly Notification[],
  { caller, isSkipped }: Asking,
): Promise<void> {
  const reasons = new Map<string, string>()
  for (const arn of new Set(notifications.map(({ destination }) => destination))) {
    const destination = parseDestination(arn)!
    const denial = await denialOf(targets, destination, caller)
    const why = denial ?? (isSkipped ? undefined : await targets.obstacleOf(destination))
    if (why !== undefined) reasons.set(arn, why)
  }
  if (reasons.size > 0) throw unusableDestinations(reasons)
}

async function denialOf(
  targets: Targets,
  destination: Destination,
  { judge }: Pick<Caller, 'judge'>,
): Promise<string | undefined> {
  if (!judge) return undefined
  for (const access of await targets.accessesTo(destination))
    if (await judge(access))
      return `${NOT_ALLOWED}: whoever puts the configuration needs ${access.action} on it`
  return undefined
}

const NOT_ALLOWED =
  'Permissions on the destination queue do not allow S3 to publish notifications from this bucket'
