import { invalidArgument, notSupportedYet } from '../../exceptions.ts'
import { hasStages } from '../../processors/processing.ts'
import type { DeliveryStream, FormerHints } from '../../streams/delivery-stream.ts'
import { configurationOf, describePlain } from './description.ts'
import { settingsOf } from './given.ts'
import { type BufferingHints, isPartitioned, type S3Settings } from './s3-settings.ts'
import type { ExtendedS3Configuration, S3Update } from './shapes.ts'

/** Changes of the hints that are remembered; a buffer is older than so many only where deliveries fail for long. */
const MAX_FORMER_HINTS = 20

/**
 * The delivery stream with the given members of its destination replaced, and one version more. Nothing is flushed.
 * ProcessingConfiguration is replaced as a block. Throws InvalidArgumentException.
 */
export function updateS3Destination(
  stream: DeliveryStream,
  update: S3Update,
  extended: boolean,
  now: number,
): DeliveryStream {
  const before = stream.destination
  const configuration = configurationOf(before)
  const given: ExtendedS3Configuration = {
    ...configuration,
    ...definedMembersOf(update),
    ...backupOf(before, update),
    RoleARN: update.RoleARN ?? configuration.RoleARN,
    BucketARN: update.BucketARN ?? configuration.BucketARN,
  }
  const destination = settingsOf(given, before.extended || extended, now)
  if (isPartitioned(destination) !== isPartitioned(before))
    throw invalidArgument(
      'Dynamic partitioning cannot be switched on or off for an existing delivery stream.',
    )
  if (hasStages(destination) !== hasStages(before))
    throw notSupportedYet('switching Decompression on or off for an existing delivery stream')
  if (before.backup && !destination.backup)
    throw invalidArgument('S3 backup cannot be disabled once it has been enabled.')
  return {
    ...stream,
    version: stream.version + 1,
    updatedAt: now,
    destination,
    formerHints: [
      ...(stream.formerHints ?? []),
      ...formerHintsOf('objects', before, destination, now),
      ...formerHintsOf('backup', before.backup, destination.backup, now),
    ].slice(-MAX_FORMER_HINTS),
  }
}

function formerHintsOf(
  of: FormerHints['of'],
  before: BufferingHints | undefined,
  after: BufferingHints | undefined,
  until: number,
): FormerHints[] {
  if (!before || !after) return []
  const { sizeInMBs, intervalInSeconds } = before
  const isSame = sizeInMBs === after.sizeInMBs && intervalInSeconds === after.intervalInSeconds
  return isSame ? [] : [{ of, until, sizeInMBs, intervalInSeconds }]
}

function backupOf(
  { backup }: Pick<S3Settings, 'backup'>,
  { S3BackupUpdate: update }: S3Update,
): Pick<ExtendedS3Configuration, 'S3BackupConfiguration'> {
  if (!update) return {}
  const given = { ...(backup && describePlain(backup)), ...definedMembersOf(update) }
  const { RoleARN, BucketARN } = given
  if (RoleARN === undefined || BucketARN === undefined)
    throw invalidArgument('S3 backup destination configuration is required when enabling S3 backup.')
  return { S3BackupConfiguration: { ...given, RoleARN, BucketARN } }
}

function definedMembersOf<T extends object>(given: T) {
  const { S3BackupUpdate: _backup, ...members } = given as T & { S3BackupUpdate?: unknown }
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Partial<T>
}
