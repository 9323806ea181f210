import type { Change } from '../../engine/ports/engine.ts'
import { compressionOf } from '../compressions.ts'
import type { DeliveryPorts } from '../delivery-ports.ts'
import { type Consignment, destinationOf, type Receipt } from '../destination.ts'
import { JOINED } from '../formats/formats.ts'
import type { Job, Plan } from '../job.ts'
import { createLineage, lineagePrefixOf } from '../lineage/lineage.ts'
import type { DeliveryOutcome, Manifest } from '../lineage/manifest.ts'
import type { Outlet } from '../progress/outlet.ts'
import type { Reading } from '../reading/reading.ts'
import type { Slots } from '../turns.ts'
import { encode, RecordsGone } from './encode.ts'
import { createRunTogether } from './run-together.ts'

/** What putting works with. */
export interface Putting {
  readonly ports: DeliveryPorts
  readonly outlet: Outlet
  readonly job: () => Job
  readonly reading: Reading
  readonly compressions: Slots
  readonly signal: AbortSignal
}

/** What became of a batch. */
export interface End {
  readonly outcome: DeliveryOutcome
  /** Join the commit. */
  readonly changes?: readonly Change[]
  /** It was not put once more for that. */
  readonly isUnasked?: true
  readonly runTogether?: number | undefined
}

/**
 * Puts a sealed batch. Rejects with RecordsGone, or with what the destination said. `changes` belong to the outcome's
 * commit.
 */
export async function putSealed(putting: Putting, manifest: Manifest): Promise<End> {
  const { ports, reading, compressions, signal } = putting
  const { logs, metadata, destinations, formats } = ports
  const job = putting.job()
  const lineage = createLineage(metadata, lineagePrefixOf(job.id, manifest.id), manifest)
  const runTogether = mayRunTogether(manifest) ? createRunTogether() : undefined
  let gone: RecordsGone | undefined
  async function* body() {
    try {
      yield* encode({ logs, formats, manifest, reading, lineage, compressions, runTogether })
    } catch (error) {
      if (error instanceof RecordsGone) gone = error
      throw error
    }
  }
  try {
    const destination = destinationOf(destinations, manifest)
    const { receipt, changes = [] } = await destination.put(
      { ...consignmentOf(putting, manifest), body },
      signal,
    )
    return {
      outcome: { status: 'delivered', ...receipt },
      changes: [...changes, ...lineage.rest()],
      runTogether: runTogether?.count(),
    }
  } catch (error) {
    throw gone ?? error
  }
}

/** Whether what readers get are the records as they are, with nothing between them. */
const mayRunTogether = ({ kind, format, delimiter, givenUp }: Manifest): boolean =>
  (kind === 'objects' || kind === 'partition') && !givenUp && format === JOINED && delimiter === undefined

/** What an earlier put of the sealed batch has left, if its answer never came. Rejects with what the destination said. */
export async function findPut(putting: Putting, manifest: Manifest): Promise<Receipt | undefined> {
  const { ports, signal } = putting
  const destination = destinationOf(ports.destinations, manifest)
  return await destination.find?.(consignmentOf(putting, manifest), signal)
}

/** The plan for where it goes. */
export const planOf = ({ job, outlet }: Putting, { givenUp }: Manifest): Plan =>
  job().planOf(givenUp ? { kind: 'errors' } : outlet)

/** Whose role it has is told by the job as it is now, whenever the batch was sealed. */
function consignmentOf(putting: Putting, manifest: Manifest): Omit<Consignment, 'body'> {
  const { account, region, arn: jobArn } = putting.job()
  const { contentEncoding } = compressionOf(manifest.compressionFormat)
  const { roleArn } = planOf(putting, manifest)
  return {
    ...{ place: manifest.place, account, region, jobArn },
    ...(roleArn !== undefined && { roleArn }),
    ...(contentEncoding !== undefined && { contentEncoding }),
  }
}
