import type { Clock } from '../clock/clock.ts'
import type { Random } from '../clock/random.ts'
import type { LogStore, MetadataStore } from '../engine/ports/engine.ts'
import type { Problems } from '../metrics/problems.ts'
import type { Destinations, Place } from './destination.ts'
import type { Formats } from './formats/formats.ts'
import type { Job, Jobs } from './job.ts'
import type { Failure } from './lineage/manifest.ts'
import type { StreamSource } from './progress/source.ts'

/** What delivery works with. */
export interface DeliveryPorts {
  readonly logs: LogStore
  readonly metadata: MetadataStore
  readonly clock: Clock
  readonly random: Random
  /** Whom it works for; of two jobs of one name, that of the first is meant. */
  readonly jobs: readonly Jobs[]
  /** The streams that jobs read. */
  readonly streams: StreamSource
  readonly destinations: Destinations
  readonly formats: Formats
  /** Why a job may not read its stream by the role that it has; every job may if absent. */
  readonly refusalToRead?: (job: Job) => Promise<string | undefined>
  /** Is told why a delivery fails, once for each reason in a row. */
  readonly report: (failed: FailedDelivery) => void
  /** Where what goes on being wrong is said. */
  readonly problems: Problems
  /** Told of whatever may change a gauge. */
  readonly changed: () => void
}

export interface FailedDelivery {
  readonly job: Job
  /** The type of it. */
  readonly destination: string
  readonly place: Place
  /** Of the job, when the batch got its place. */
  readonly version: number
  readonly failure: Failure
}
