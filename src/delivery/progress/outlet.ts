import { type Change, FOREVER_MS, type LogId, type LogStore } from '../../engine/ports/engine.ts'
import type { Job } from '../job.ts'
import type { OutletKind } from '../lineage/manifest.ts'
import type { LogPosition } from '../reading/log-range.ts'
import { firstCheckpoint } from './checkpoint.ts'

/** One way out of a job: each has its own buffer, objects and checkpoint. */
export interface Outlet {
  readonly kind: OutletKind
  /** Its own within the job; empty for the only one that most have. */
  readonly name: string
  /** Where a stage puts what leaves here; absent where the source itself is read. */
  readonly log?: LogId
  /** Its own for each dynamic partition, so that what was meant for an earlier one in the same log is not taken. */
  readonly partition?: { readonly id: string; readonly keys: Readonly<Record<string, string>> }
  readonly errorOutputType?: string
}

export const DIRECT: Outlet = { kind: 'objects', name: '' }
export const BACKUP: Outlet = { kind: 'backup', name: 'backup' }

type Identified = Pick<Job, 'id'>

const ownGroupOf = ({ id }: Identified) => `firehose/${id}`

/** A log that is the job's own. */
export const ownLogOf = (job: Identified, log: string): LogId => ({ group: ownGroupOf(job), log })

/**
 * What is in them waits for delivery, however long that takes, and is given back behind the checkpoint alone. Idempotent:
 * also repairs what a crash right after the creation left out.
 */
export async function ensureOwnLogs(
  logs: LogStore,
  job: Pick<Job, 'id' | 'source' | 'stage'>,
): Promise<void> {
  if ('log' in job.source || job.stage) await logs.ensureGroup(ownGroupOf(job), { retentionMs: FOREVER_MS })
}

export const dropOwnLogs = (logs: LogStore, job: Identified): Promise<void> => logs.dropGroup(ownGroupOf(job))

export const stagedObjects = (job: Identified): Outlet => ({
  kind: 'objects',
  name: 'objects',
  log: ownLogOf(job, 'objects'),
})
export const errorsOutlet = (job: Identified, errorOutputType: string): Outlet => ({
  kind: 'errors',
  name: `errors/${errorOutputType}`,
  log: ownLogOf(job, `errors/${errorOutputType}`),
  errorOutputType,
})
export const partitionOutlet = (
  job: Identified,
  slot: number,
  partition: NonNullable<Outlet['partition']>,
): Outlet => ({
  kind: 'partition',
  name: `partitions/${slot}`,
  log: ownLogOf(job, `partitions/${slot}`),
  partition,
})

/** Under which its checkpoint and its manifest are kept. */
export const outletIdOf = ({ id }: Identified, { name }: Pick<Outlet, 'name'>): string =>
  name === '' ? id : `${id}/${name}`

/** The checkpoints of a new job: part of the commit that creates it. */
export const firstCheckpointsOf = (
  job: Pick<Job, 'id' | 'stage' | 'hasBackup'>,
  positions: readonly LogPosition[],
): Change[] => [
  firstCheckpoint(job.stage ? stageIdOf(job) : job.id, positions),
  ...(job.hasBackup ? [firstBackupCheckpoint(job, positions)] : []),
]
export const firstBackupCheckpoint = (job: Identified, positions: readonly LogPosition[]): Change =>
  firstCheckpoint(outletIdOf(job, BACKUP), positions)
/** Under which a stage counts. */
export const STAGE = 'stage'
export const stageIdOf = ({ id }: Identified): string => `${id}/${STAGE}`
