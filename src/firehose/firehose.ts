import type { ServiceRoles } from '../auth/service-roles.ts'
import type { Clock } from '../clock/clock.ts'
import type { Random } from '../clock/random.ts'
import type { StreamSource } from '../delivery/progress/source.ts'
import type { LogStore, MetadataStore } from '../engine/ports/engine.ts'
import { createGroupQuotas, type GroupQuotas } from '../engine/ports/group-quota.ts'
import type { Meters } from '../metrics/meters.ts'
import { type QuotaProblems, unheardQuotas } from '../metrics/quota-problems.ts'
import { operationOf } from '../service/operation.ts'
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
  /** `aws`: puts are throttled as AWS does it. */
  readonly limits: 'aws' | 'off'
  /** Runs users' programs; whoever hands it in closes it. */
  readonly programs?: Programs
  /** Whether Firehose may work by a role; by any if absent. */
  readonly mayAssume?: ServiceRoles['mayAssume']
  /** Where quotas are said that are met; nowhere if absent. */
  readonly quotas?: QuotaProblems
  /** How long a delivery stream is CREATING, and DELETING. */
  readonly stateDelayMs?: number
}

/** What Firehose's operations work with. */
export interface Firehose extends Required<FirehoseOptions> {
  readonly throughput: Throughput
  readonly groupQuotas: GroupQuotas
}

const STATE_DELAY_MS = 500

export const createFirehose = (options: FirehoseOptions): Firehose => ({
  stateDelayMs: STATE_DELAY_MS,
  programs: createPrograms(),
  mayAssume: async () => true,
  quotas: unheardQuotas,
  groupQuotas: createGroupQuotas(options.logs),
  ...options,
  throughput: createThroughput(options.limits),
})

export const operation = operationOf<Firehose>()
