import { list, maybe, shape, text } from '../../engine/ports/checks.ts'

/**
 * Who is told of what happens to which keys.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_QueueConfiguration.html
 */
export interface Notification {
  readonly id: string
  /** The ARN of who is told. */
  readonly destination: string
  /** As they were put: `s3:ObjectCreated:*`, `s3:ObjectRemoved:Delete`. */
  readonly events: readonly string[]
  /** What keys begin and end with, as it was put: encoded as in a form; absent and empty: any. */
  readonly prefix?: string
  readonly suffix?: string
}

/** Of one that is kept. */
export const notificationCheck = shape<Notification>({
  ...{ id: text, destination: text, events: list(text) },
  ...{ prefix: maybe(text), suffix: maybe(text) },
})

/** Whether it is told of `event` (`ObjectCreated:Put`) of a key. */
export const isToldOf = ({ events, prefix, suffix }: Notification, event: string, key: string): boolean =>
  key.startsWith(decoded(prefix)) &&
  key.endsWith(decoded(suffix)) &&
  events.some((one) => isEventOf(one, `s3:${event}`))

/**
 * A filter names a space as `+` and what is special by its code; what is no code stands for itself.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html
 */
function decoded(part = ''): string {
  try {
    return decodeURIComponent(part.replaceAll('+', ' '))
  } catch {
    return part
  }
}

/** `s3:ObjectCreated:*` is all of its kind. */
const isEventOf = (wanted: string, event: string): boolean =>
  wanted === event || (wanted.endsWith(':*') && event.startsWith(wanted.slice(0, -1)))

/** Whether there may be an event of which both are told. */
export const isOverlapping = (one: Notification, other: Notification): boolean =>
  one.events.some((a) => other.events.some((b) => isEventOf(a, b) || isEventOf(b, a))) &&
  isEither(one.prefix, other.prefix, (text, part) => text.startsWith(part)) &&
  isEither(one.suffix, other.suffix, (text, part) => text.endsWith(part))

function isEither(
  one: string | undefined,
  other: string | undefined,
  isWithin: (text: string, part: string) => boolean,
): boolean {
  const [a, b] = [decoded(one), decoded(other)]
  return isWithin(a, b) || isWithin(b, a)
}
