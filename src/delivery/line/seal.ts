import type { Random } from '../../clock/random.ts'
import { JOINED } from '../formats/formats.ts'
import type { Job, Plan } from '../job.ts'
import type { DeliveryReason, Manifest } from '../lineage/manifest.ts'
import type { Outlet } from '../progress/outlet.ts'
import type { Content, LogPosition } from '../reading/log-range.ts'

export interface Batch {
  readonly number: number
  readonly reason: DeliveryReason
  readonly content: Content
  readonly after: readonly LogPosition[]
  readonly sealedAt: number
}

/** What leaves by an outlet as a batch whose place and bytes are decided. */
export function sealBatch(outlet: Outlet, job: Job, batch: Batch, random: Random): Manifest {
  const { number, reason, content, after, sealedAt } = batch
  const { billedBytes: _billed, ...lasting } = content
  const manifest = { number, kind: outlet.kind, reason, sealedAt, ...lasting, after }
  const keys = outlet.partition?.keys
  const named = { ...manifest, ...(keys && { partitionKeys: keys }) }
  return place(named, job.planOf(outlet), job, random)
}

/** The same batch under the settings of now: for a place that never took it and has been changed. */
export const placeAnew = (manifest: Manifest, outlet: Outlet, job: Job, random: Random): Manifest =>
  place(manifest, job.planOf(outlet), job, random)

/** The same batch as error records. */
export const placeAsErrors = (
  manifest: Manifest,
  givenUp: NonNullable<Manifest['givenUp']>,
  job: Job,
  random: Random,
): Manifest => ({ ...place(manifest, job.planOf({ kind: 'errors' }), job, random), givenUp })

type Placeless = Omit<Manifest, 'id' | 'version' | 'destination' | 'place' | 'format' | 'compressionFormat'>

function place(batch: Placeless, plan: Plan, { version }: Job, random: Random): Manifest {
  const { delimiter: _delimiter, giveUpAt: _giveUpAt, ...lasting } = batch
  const { placeOf, delimiter, retryMs, destination, format = JOINED, compressionFormat } = plan
  const { oldestArrival, partitionKeys, sealedAt } = batch
  const id = random.uuid()
  return {
    ...lasting,
    ...{ id, version, destination, format, compressionFormat },
    place: placeOf({ id, oldestArrival, ...(partitionKeys && { partitionKeys }) }, random),
    ...(delimiter && { delimiter: Buffer.from(delimiter).toString('base64') }),
    ...(retryMs !== undefined && { giveUpAt: sealedAt + retryMs }),
  }
}
