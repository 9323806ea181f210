import { invalidArgument, notSupportedYet } from '../../exceptions.ts'
import { configurationOf, describePlain } from './description.ts'
import { settingsOf } from './given.ts'
import { isPartitioned, isStaged, type S3Settings } from './s3-settings.ts'
import type { ExtendedS3Configuration, S3Update } from './shapes.ts'

/**
 * The settings with the given members replaced; ProcessingConfiguration is replaced as a block. Throws
 * InvalidArgumentException.
 */
export function updatedSettings(
  before: S3Settings,
  update: S3Update,
  extended: boolean,
  now: number,
): S3Settings {
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
  if (isStaged(destination) !== isStaged(before))
    throw notSupportedYet('switching Decompression on or off for an existing delivery stream')
  if (before.backup && !destination.backup)
    throw invalidArgument('S3 backup cannot be disabled once it has been enabled.')
  return destination
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
