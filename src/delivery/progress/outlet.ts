import type { Change, LogId } from '../../engine/engine.ts'
import { internalGroupOf } from '../../firehose/direct-put/direct-put-log.ts'
import { isStaged } from '../../firehose/processors/processing.ts'
import type { DeliveryStream } from '../../firehose/streams/delivery-stream.ts'
import { firstCheckpoint } from './checkpoint.ts'
import type { LogPosition } from './source.ts'

/** One way out of a delivery stream: each has its own buffer, objects and checkpoint. */
export interface Outlet {
  readonly kind: 'objects' | 'partition' | 'errors' | 'backup'
  /** Its own within the delivery stream; empty for the only one that most have. */
  readonly name: string
  /** Where a stage puts what leaves here; absent where the source itself is read. */
  readonly log?: LogId
  /** Its own for each dynamic partition, so that what was meant for an earlier one in the same log is not taken. */
  readonly partition?: { readonly id: string; readonly keys: Readonly<Record<string, string>> }
  readonly errorOutputType?: string
}

export const DIRECT: Outlet = { kind: 'objects', name: '' }
export const BACKUP: Outlet = { kind: 'backup', name: 'backup' }

type Identified = Pick<DeliveryStream, 'id'>
const logNamed = ({ id }: Identified, log: string): LogId => ({ group: internalGroupOf(id), log })

export const stagedObjects = (stream: Identified): Outlet => ({
  kind: 'objects',
  name: 'objects',
  log: logNamed(stream, 'objects'),
})
export const errorsOutlet = (stream: Identified, errorOutputType: string): Outlet => ({
  kind: 'errors',
  name: `errors/${errorOutputType}`,
  log: logNamed(stream, `errors/${errorOutputType}`),
  errorOutputType,
})
export const partitionOutlet = (
  stream: Identified,
  slot: number,
  partition: NonNullable<Outlet['partition']>,
): Outlet => ({
  kind: 'partition',
  name: `partitions/${slot}`,
  log: logNamed(stream, `partitions/${slot}`),
  partition,
})

/** Under which its checkpoint and its manifest are kept. */
export const outletIdOf = ({ id }: Identified, { name }: Pick<Outlet, 'name'>): string =>
  name === '' ? id : `${id}/${name}`

/** The checkpoints of a new delivery stream: part of the commit that creates it. */
export const firstCheckpointsOf = (stream: DeliveryStream, positions: readonly LogPosition[]): Change[] => [
  firstCheckpoint(isStaged(stream) ? stageIdOf(stream) : stream.id, positions),
  ...(stream.destination.backup ? [firstBackupCheckpoint(stream, positions)] : []),
]
export const firstBackupCheckpoint = (stream: Identified, positions: readonly LogPosition[]): Change =>
  firstCheckpoint(outletIdOf(stream, BACKUP), positions)
export const stageIdOf = ({ id }: Identified): string => `${id}/stage`
