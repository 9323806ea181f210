import { midnightAfter } from '../buckets/lifecycle.ts'
import { notActive, notRestored } from './archive-exceptions.ts'

/** Objects of these are read only while they are restored. https://docs.aws.amazon.com/AmazonS3/latest/userguide/restoring-objects.html */
export const ARCHIVES: readonly string[] = ['GLACIER', 'DEEP_ARCHIVE']

export const isArchive = (storageClass: string): boolean => ARCHIVES.includes(storageClass)

interface Archivable {
  readonly storageClass: string
  /** ms since 1970 */
  readonly restoredUntil?: number
}

/** Until when an object that is restored now for `days` can be read: ms since 1970, the midnight (UTC) that follows them. */
export const restoredFor = (days: number, now: number): number => midnightAfter(now, days)

const isRestored = ({ restoredUntil }: Archivable, now: number): boolean =>
  restoredUntil !== undefined && now < restoredUntil

/** Whether an object's bytes are out of reach. */
const isArchived = (object: Archivable, now: number): boolean =>
  isArchive(object.storageClass) && !isRestored(object, now)

/** Throws InvalidObjectState for what is in an archive and not restored. */
export function checkReadable(object: Archivable, now: number): void {
  if (isArchived(object, now)) throw notRestored(object.storageClass)
}

/** As `checkReadable`, of what is to be copied: ObjectNotInActiveTierError. */
export function checkCopyable(object: Archivable, now: number): void {
  if (isArchived(object, now)) throw notActive()
}

/** What answers about an object say of its being restored. Restores take no time, so that none is ever under way. */
export const restoreAnswer = (object: Archivable, now: number): { readonly Restore?: string } =>
  isArchive(object.storageClass) && isRestored(object, now)
    ? {
        Restore: `ongoing-request="false", expiry-date="${new Date(object.restoredUntil!).toUTCString()}"`,
      }
    : {}
