import type { NotificationsView } from '../api/views.ts'
import { counter, type Family, gauge, type Sample } from '../metrics/family.ts'
import { findBucket } from '../s3/buckets/bucket.ts'
import { owedPrefix } from '../s3/documents.ts'
import { accessDenied } from '../s3/exceptions.ts'
import { type OwedEvent, owedDocument } from '../s3/notifications/owed-event.ts'
import type { S3 } from '../s3/s3.ts'
import { deadLettersOf, eachDeadBucket, idOf } from '../s3/telling/dead-letter.ts'
import { type Notifying, owedLines } from '../s3/telling/notifying.ts'
import { isAnswer } from '../service/invoke.ts'

/** What knows of notifications. */
interface Told {
  readonly s3: Pick<S3, 'metadata'>
  readonly notifying: Pick<Notifying, 'failing' | 'counts'>
}

/** Of events that are owed so many are counted, for a bucket and for each of those that it tells: that there are more is known then. */
const MOST_COUNTED = 1_000
/** Dead letters that are shown, the newest. */
const MOST_SHOWN = 100

interface Own {
  readonly bucket: string
  readonly account: string
}

/** The bucket, of this account. Throws NoSuchBucket, AccessDenied. */
async function bucketOf(s3: Told['s3'], { bucket: name, account }: Own) {
  const bucket = (await findBucket(s3, name)).value
  if (bucket.account !== account) throw accessDenied()
  return bucket
}

/**
 * What an account's bucket tells, and what is left of one that it had under that name: whoever makes it anew has no part in
 * that. Throws NoSuchBucket, AccessDenied where there is neither.
 */
export async function ownNotifications({ s3 }: Pick<Told, 's3'>, own: Own) {
  const prefix = owedPrefix(own.bucket)
  const listed = await owedDocument.list(s3.metadata, { prefix, limit: MOST_COUNTED, damaged: 'left out' })
  const isOwn = ({ value }: { readonly value: OwedEvent }) => value.account === own.account
  const [owed, letters] = [listed.filter(isOwn), (await deadLettersOf(s3, own.bucket)).filter(isOwn)]
  const bucket = await bucketOf(s3, own).catch((failure: unknown) => {
    if (owed.length + letters.length === 0 || !isAnswer(failure)) throw failure
    return undefined
  })
  return { ...{ owed, letters, areMore: listed.length === MOST_COUNTED }, told: bucket?.notifications ?? [] }
}

/** Whom a bucket tells, what is still to be told, and what nobody could be told. Throws NoSuchBucket, AccessDenied. */
export async function notificationsOf({ s3, notifying }: Told, own: Own): Promise<NotificationsView> {
  const { told, owed, areMore, letters } = await ownNotifications({ s3 }, own)
  const destinations = new Set([...told, ...owed.map(({ value }) => value)].map((one) => one.destination))
  return {
    configurations: told,
    outstanding: owed.length,
    ...(areMore && { areMore }),
    ...(owed[0] && { oldestAt: Math.min(...owed.map(({ value }) => value.at)) }),
    failing: notifying
      .failing(own.bucket)
      .filter(({ destination }) => destinations.has(destination))
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
export async function notificationMetrics({ s3, notifying }: Told, now: number): Promise<Family[]> {
  const dead: Sample[] = []
  for await (const bucket of eachDeadBucket(s3)) {
    const letters = await deadLettersOf(s3, bucket)
    dead.push({ labels: { BucketName: bucket }, value: letters.length })
  }
  const owed: Sample[] = []
  const ages: Sample[] = []
  for await (const { bucket, destination, oldest } of owedLines(s3)) {
    const labels = { BucketName: bucket, Destination: destination }
    const range = {
      prefix: owedPrefix(bucket, destination),
      limit: MOST_COUNTED,
      damaged: 'left out' as const,
    }
    owed.push({ labels, value: (await owedDocument.list(s3.metadata, range)).length })
    ages.push({ labels, value: Math.max(0, now - oldest.at) / 1000 })
  }
  const counts = (wanted: string) =>
    notifying
      .counts()
      .flatMap(({ what, events, bucket, destination }) =>
        what === wanted ? [{ labels: { BucketName: bucket, Destination: destination }, value: events }] : [],
      )
  return [
    gauge(
      'standpipe_notifications_outstanding',
      `Events that a destination is still to be told of; of each the first ${MOST_COUNTED} are counted`,
      owed,
    ),
    gauge('standpipe_notifications_oldest_age_seconds', 'Age of the oldest of them', ages),
    gauge('standpipe_notifications_dead_letters', 'Events of a bucket that nobody could be told of', dead),
    counter('standpipe_notifications_sent_total', 'Events that were taken', counts('sent')),
    counter('standpipe_notifications_failed_total', 'Attempts that were not', counts('failed')),
    counter('standpipe_notifications_given_up_total', 'Events that became dead letters', counts('given up')),
  ]
}
