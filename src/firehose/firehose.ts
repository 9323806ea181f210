import type { Clock } from '../clock/clock.ts'
import type { Random } from '../clock/random.ts'
import type { Destination } from '../delivery/destination.ts'
import type { ChannelDocuments } from '../delivery/job.ts'
import type { StreamSource } from '../delivery/progress/source.ts'
import type { LogStore, MetadataStore } from '../engine/engine.ts'
import type { Meters } from '../metrics/meters.ts'
import { type Problems, unheardProblems } from '../metrics/problems.ts'
import type { ErrorLogRecord } from './destinations/error-log.ts'
import { createThroughput, type Throughput } from './direct-put/ingest.ts'
import { createPrograms } from './programs/create-programs.ts'
import type { Programs } from './programs/programs.ts'

export interface FirehoseOptions {
  readonly logs: LogStore
  readonly metadata: MetadataStore
  readonly clock: Clock
  readonly random: Random
  readonly meters: Meters
  /** Where the Kinesis streams are that delivery streams read. */
  readonly streams: StreamSource
  /** What is delivered from beside delivery streams. */
  readonly channels?: ChannelDocuments
  /** Where objects are put. */
  readonly destination: Destination
  /** `aws`: puts are throttled as AWS does it. */
  readonly limits: 'aws' | 'off'
  /** Is told of every delivery that fails. */
  readonly report?: (record: ErrorLogRecord) => void
  /** Where what goes wrong is said; nowhere if absent. */
  readonly problems?: Problems
  /** Runs users' programs; whoever hands it in closes it. */
  readonly programs?: Programs
  /** How long a delivery stream is CREATING, and DELETING. */
  readonly stateDelayMs?: number
}

/** What Firehose's operations and its delivery work with. */
export interface Firehose extends Required<Omit<FirehoseOptions, 'channels'>> {
  readonly channels?: ChannelDocuments
  readonly throughput: Throughput
  /** Of what gauges show. */
  readonly changes: ChangeCount
}

const STATE_DELAY_MS = 500

export const createFirehose = (options: FirehoseOptions): Firehose => ({
  stateDelayMs: STATE_DELAY_MS,
  report: () => undefined,
  problems: unheardProblems,
  programs: createPrograms(),
  ...options,
  throughput: createThroughput(options.limits),
  changes: createChangeCount(),
})

/** Counts what happens, so that whoever looks again sees whether anything has happened at all. */
interface ChangeCount {
  add(): void
  count(): number
}

function createChangeCount(): ChangeCount {
  let count = 0
  return {
    add() {
      count += 1
    },
    count: () => count,
  }
}
