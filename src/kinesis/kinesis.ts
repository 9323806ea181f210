import type { Clock } from '../clock/clock.ts'
import type { Random } from '../clock/random.ts'
import type { LogStore, MetadataStore } from '../engine/ports/engine.ts'
import { createGroupQuotas, type GroupQuotas } from '../engine/ports/group-quota.ts'
import type { Meters } from '../metrics/meters.ts'
import type { Problems } from '../metrics/problems.ts'
import { type QuotaProblems, unheardQuotas } from '../metrics/quota-problems.ts'
import { operationOf } from '../service/operation.ts'
import type { ChannelDelivery } from './channels/transitions.ts'
import { createWriteRates, type WriteRates } from './limits/on-demand-shards.ts'
import { createThroughput, type Throughput, unlimited } from './limits/shard-throughput.ts'
import { finishResharding, recoverStreams, type Upkeep } from './streams/changes.ts'
import { createStreamStore, type StreamStore } from './streams/store.ts'

export interface KinesisOptions {
  readonly logs: LogStore
  readonly metadata: MetadataStore
  readonly clock: Clock
  readonly random: Random
  readonly meters: Meters
  /** Where it is said what fails behind the answers' back; nowhere if absent. */
  readonly problems?: Problems
  /** See `Upkeep`. */
  readonly beforeDrop?: Upkeep['beforeDrop']
  readonly beforeExpiry?: Upkeep['beforeExpiry']
  readonly channels: ChannelDelivery
  /** Where quotas are said that are met; nowhere if absent. */
  readonly quotas?: QuotaProblems
  /** `aws`: AWS's throttles and quotas. `off`: neither. */
  readonly limits: 'aws' | 'off'
  /** How long a stream stays CREATING or DELETING, in ms of clock time; 500 if absent, 0 for at once. */
  readonly stateDelayMs?: number
  /** Ends its work in the background; absent: with the engine. */
  readonly signal?: AbortSignal
  /** Ends the subscriptions, which would else keep the server's connections open for minutes; absent: with `signal`. */
  readonly closing?: AbortSignal
}

/** What Kinesis's operations work with. */
export interface Kinesis
  extends Required<Omit<KinesisOptions, 'beforeDrop' | 'beforeExpiry' | 'problems'>>,
    Pick<Upkeep, 'beforeDrop' | 'beforeExpiry' | 'expiries' | 'problems'> {
  readonly streams: StreamStore
  readonly writeRates: WriteRates
  readonly throughput: Throughput
  readonly groupQuotas: GroupQuotas
}

export const operation = operationOf<Kinesis>()

const STATE_DELAY_MS = 500

export function createKinesis({
  signal = new AbortController().signal,
  closing = signal,
  ...options
}: KinesisOptions): Kinesis {
  const { metadata, clock } = options
  const upkeep = { ...options, expiries: new Map<string, number>() }
  return {
    stateDelayMs: STATE_DELAY_MS,
    quotas: unheardQuotas,
    groupQuotas: createGroupQuotas(options.logs),
    ...upkeep,
    signal,
    closing,
    streams: createStreamStore(metadata, clock, signal, (ref, sealed) =>
      finishResharding(upkeep, ref, sealed),
    ),
    writeRates: createWriteRates(clock.now),
    throughput: options.limits === 'aws' ? createThroughput(options.clock.now) : unlimited,
  }
}

/** Once, before the first request: goes on where the last process stopped. */
export const recoverKinesis = (kinesis: Kinesis): Promise<void> => recoverStreams(kinesis)
