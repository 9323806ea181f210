import type { NotificationsView } from '../api/views.ts'
import { counter, type Family, gauge } from '../metrics/family.ts'
import { findBucket } from '../s3/buckets/bucket.ts'
import { everyDeadPrefix, everyOwedPrefix, owedPrefix } from '../s3/documents.ts'
import { accessDenied } from '../s3/exceptions.ts'
import { deadLetterDocument, deadLettersOf, idOf } from '../s3/telling/dead-letter.ts'
import type { Notifying } from '../s3/telling/notifying.ts'
import { owedDocument } from '../s3/notifications/owed-event.ts'
import type { S3 } from '../s3/s3.ts'

/** What knows of notifications. */
interface Told {
  readonly s3: Pick<S3, 'metadata'>
  readonly notifying: Pick<Notifying, 'failing' | 'counts'>
}

/** Events are counted up to here. */
const MOST_COUNTED = 10_000
/** Dead letters that are shown, the newest. */
const MOST_SHOWN = 100

/** The bucket, of this account. Throws NoSuchBucket, AccessDenied. */
export async function bucketOf({ s3 }: Pick<Told, 's3'>, name: string, account: string) {
  const bucket = (await findBucket(s3, name)).value
  if (bucket.account !== account) throw accessDenied()
  return bucket
}

/** Whom a bucket tells, what is still to be told, and what nobody could be told. Throws NoSuchBucket, AccessDenied. */
export async function notificationsOf(
  told: Told,
  { bucket: name, account }: { readonly bucket: string; readonly account: string },
): Promise<NotificationsView> {
  const { notifications = [] } = await bucketOf(told, name, account)
  const { metadata } = told.s3
  const prefix = owedPrefix(name)
  const owed = await owedDocument.list(metadata, { prefix, limit: MOST_COUNTED, damaged: 'left out' })
  const letters = await deadLettersOf(told.s3, name)
  return {
    configurations: notifications,
    outstanding: owed.length,
    ...(owed.length === MOST_COUNTED && { areMore: true }),
    failing: told.notifying
      .failing(name)
      .map(({ destination, since, retryAt, why }) => ({ destination, since, retryAt, why })),
    deadLetterCount: letters.length,
    deadLetters: letters
      .slice(-MOST_SHOWN)
      .toReversed()
      .map(({ key, value: { event, object, destination, at, givenUpAt, why } }) => ({
        ...{ id: idOf(key), event, destination, at, givenUpAt, why },
        ...(object && { key: object.key }),
      })),
  }
}

/** Of buckets and those whom they tell. */
export async function notificationMetrics({ s3: { metadata }, notifying }: Told): Promise<Family[]> {
  const page = { limit: MOST_COUNTED, damaged: 'left out' as const }
  const owed = await owedDocument.list(metadata, { prefix: everyOwedPrefix, ...page })
  const dead = await deadLetterDocument.list(metadata, { prefix: everyDeadPrefix, ...page })
  const counts = (wanted: string) =>
    notifying
      .counts()
      .flatMap(({ what, events, bucket, destination }) =>
        what === wanted ? [{ labels: { BucketName: bucket, Destination: destination }, value: events }] : [],
      )
  return [
    gauge(
      'standpipe_notifications_outstanding',
      `Events that a destination is still to be told of; the first ${MOST_COUNTED} are counted`,
      byLine(owed.map(({ value }) => value)),
    ),
    gauge(
      'standpipe_notifications_dead_letters',
      'Events that a destination could not be told of',
      byLine(dead.map(({ value }) => value)),
    ),
    counter('standpipe_notifications_sent_total', 'Events that were taken', counts('sent')),
    counter('standpipe_notifications_failed_total', 'Attempts that were not', counts('failed')),
    counter('standpipe_notifications_given_up_total', 'Events that became dead letters', counts('given up')),
  ]
}

function byLine(events: readonly { readonly bucket: string; readonly destination: string }[]) {
  const lines = Map.groupBy(events, ({ bucket, destination }) => `${bucket}\0${destination}`)
  return [...lines].map(([line, of]) => {
    const [BucketName = '', Destination = ''] = line.split('\0')
    return { labels: { BucketName, Destination }, value: of.length }
  })
}
