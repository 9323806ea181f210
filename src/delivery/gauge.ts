import type { Hints, JobName } from './job.ts'
import { type BufferTotals, dueAt, firesFirst } from './line/buffer.ts'
import type { LineState } from './line/line.ts'
import { type Gone, sumOf } from './lineage/gone.ts'
import type { Delivered, Failure, Manifest } from './lineage/manifest.ts'
import type { Pipeline } from './pipeline.ts'
import { MAX_PARTITIONS } from './stage/partitions.ts'

/** One buffer, or several together. Times are ms since 1970. */
export interface BufferGauge {
  readonly buffered: { readonly records: number; readonly bytes: number }
  readonly hints: Hints
  /** When the interval ends; absent while the buffer is empty. */
  readonly dueAt?: number
  /** The hint that fires first if records go on arriving as they did so far. */
  readonly firesFirst?: 'size' | 'interval'
  /** A batch whose object is on its way. */
  readonly sealed?: Pick<Manifest, 'destination' | 'place' | 'records' | 'bytes' | 'reason' | 'sealedAt'>
  /** Failed attempts since the last success. */
  readonly failures: number
  /** Absent while nothing fails. */
  readonly failingSince?: number
  readonly retryAt?: number
  readonly lastError?: Failure
}

/** What AWS hides: how full the buffers are, what fires next and when, and what was delivered. */
export interface Gauge extends BufferGauge {
  readonly name: string
  readonly arn: string
  readonly type: string
  readonly version: number
  /** All that is not delivered, as far as it was read or counted. */
  readonly waiting: Waiting
  /** When the first record of it is lost, as its stream keeps it no longer; absent while that is far off. */
  readonly firstLostAt?: number
  /** The age of the oldest record that is not delivered, ms; 0 when everything is. */
  readonly freshnessMs: number
  readonly sources: readonly {
    readonly shardId?: string
    readonly position: number
    readonly lagMs: number
  }[]
  /** Only where the source's records are delivered as they are, too. */
  readonly backup?: BufferGauge
  /** Records on their way to the errors. */
  readonly errors?: BufferGauge
  /** Only where each partition has its own; the gauge itself is then that of all partitions together. */
  readonly partitions?: {
    readonly active: number
    readonly limit: number
    readonly fullest: readonly (BufferGauge & { readonly keys: Readonly<Record<string, string>> })[]
  }
  /** Records that were acknowledged and are in no object, since it was created; absent while there are none. */
  readonly gone?: Gone
  /** Since when its user's program is not run any more: it exceeded its bounds; absent while it runs. */
  readonly programSuspendedAt?: number
  /** Its objects' records stand on one line where readers want a line for each, and no delimiter is set; absent otherwise. */
  readonly areRecordsRunTogether?: true
  /** The newest first. */
  readonly lastDeliveries: readonly DeliverySummary[]
}

export interface Waiting {
  readonly records: number
  readonly bytes: number
  /** Absent where nothing waits. */
  readonly oldestArrival?: number
}

export interface DeliverySummary extends Omit<Delivered, 'ranges' | 'origins' | 'gone'> {
  /** So many records were gone before they could be put; absent where there were none. */
  readonly gone?: number
}

const FULLEST = 10

export function gaugeOf(pipeline: Pipeline, now: number): Gauge {
  const job = pipeline.job()
  const gone = pipeline.gone()
  const states = pipeline.states()
  const of = (...kinds: LineState['outlet']['kind'][]) =>
    states.filter(({ outlet }) => kinds.includes(outlet.kind))
  const [backup] = of('backup')
  const errors = of('errors')
  const partitions = of('partition')
  const programSuspendedAt = pipeline.programSuspendedAt()
  const main = together(of('objects', 'partition'), pipeline.hints(), now)
  const firstLostAt = pipeline.firstLostAt()
  return {
    ...{ name: job.name, arn: job.arn, type: job.type, version: job.version },
    ...main,
    waiting: waitingIn(states),
    ...(firstLostAt !== undefined && { firstLostAt }),
    freshnessMs: Math.max(0, ...states.map((state) => ageOf(state, now))),
    sources: pipeline.intake().lags(),
    ...(backup && { backup: gaugeOfLine(backup, now) }),
    ...(errors.length > 0 && { errors: together(errors, pipeline.hints(), now) }),
    ...(pipeline.isPartitioned && { partitions: partitionsOf(partitions, now) }),
    ...(gone && { gone }),
    ...(programSuspendedAt !== undefined && { programSuspendedAt }),
    ...(areRunTogether(pipeline) && { areRecordsRunTogether: true }),
    lastDeliveries: pipeline.recent().toReversed().map(summaryOf),
  }
}

/** What the last delivery says of which it can be said: of one record alone it cannot. */
function areRunTogether(pipeline: Pipeline): boolean {
  if (pipeline.job().planOf({ kind: 'objects' }).delimiter) return false
  const telling = pipeline
    .recent()
    .findLast(({ runTogether, records }) => runTogether !== undefined && (records > 1 || runTogether > 0))
  return telling !== undefined && telling.runTogether! > 0
}

export function summaryOf({ ranges: _ranges, origins: _origins, gone, ...rest }: Delivered): DeliverySummary {
  return { ...rest, ...(gone && { gone: sumOf(gone) }) }
}

function gaugeOfLine(state: LineState, now: number): BufferGauge {
  const { hints, progress, buffer, failures, failingSince, retryAt, lastError } = state
  const totals = buffer.totals()
  const first = firesFirst(totals, hints, now)
  const sealed = progress.sealed?.value
  return {
    buffered: { records: totals.records, bytes: totals.bytes },
    hints,
    ...(totals.records > 0 && { dueAt: dueAt(totals, hints) }),
    ...(first && { firesFirst: first }),
    ...(sealed && { sealed: shortOf(sealed) }),
    failures,
    ...(failingSince !== undefined && { failingSince }),
    ...(retryAt !== undefined && { retryAt }),
    ...(lastError && { lastError }),
  }
}

const shortOf = ({ destination, place, records, bytes, reason, sealedAt }: Manifest) => ({
  ...{ destination, place, records, bytes, reason, sealedAt },
})

/** Several buffers as one: their sum, and of the rest what fails most or comes first. */
function together(states: readonly LineState[], hints: Hints, now: number): BufferGauge {
  const gauges = states.map((state) => gaugeOfLine(state, now))
  const [first] = gauges.toSorted(
    (one, other) => other.failures - one.failures || (one.dueAt ?? Infinity) - (other.dueAt ?? Infinity),
  )
  const sum = (member: 'records' | 'bytes') =>
    gauges.reduce((total, { buffered }) => total + buffered[member], 0)
  return {
    ...(first ?? { hints, failures: 0 }),
    buffered: { records: sum('records'), bytes: sum('bytes') },
  }
}

function partitionsOf(states: readonly LineState[], now: number): NonNullable<Gauge['partitions']> {
  const active = states.filter(({ buffer, progress }) => buffer.totals().records > 0 || progress.sealed)
  return {
    active: active.length,
    limit: MAX_PARTITIONS,
    fullest: active
      .toSorted((one, other) => other.buffer.totals().bytes - one.buffer.totals().bytes)
      .slice(0, FULLEST)
      .map((state) => ({ keys: state.outlet.partition!.keys, ...gaugeOfLine(state, now) })),
  }
}

/** The backup's records are the same once more. */
function waitingIn(states: readonly LineState[]): Waiting {
  const own = states.filter(({ outlet }) => outlet.kind !== 'backup')
  const sum = (member: 'records' | 'bytes') =>
    own.reduce(
      (total, { waiting, progress }) => total + waiting[member] + (progress.sealed?.value[member] ?? 0),
      0,
    )
  const oldestArrival = Math.min(...own.map(oldestIn))
  return {
    ...{ records: sum('records'), bytes: sum('bytes') },
    ...(Number.isFinite(oldestArrival) && { oldestArrival }),
  }
}

function ageOf(state: LineState, now: number): number {
  const oldest = oldestIn(state)
  return state.outlet.kind !== 'backup' && Number.isFinite(oldest) ? now - oldest : 0
}

function oldestIn({ buffer, progress }: LineState): number {
  const totals: BufferTotals = buffer.totals()
  return Math.min(totals.oldestArrival, progress.sealed?.value.oldestArrival ?? Infinity)
}

/** What waits for a destination, for those who watch all of them. */
export interface Backlog extends JobName {
  /** As it is shown: of a delivery stream, or a channel. */
  readonly type: string
  readonly records: number
  readonly bytes: number
  /** Of the oldest record of it; 0 where nothing waits. */
  readonly oldestAgeMs: number
  readonly isFailing: boolean
  /** Until the first record is lost; absent while that is far off. */
  readonly firstLostInMs?: number
}

export function backlogOf(pipeline: Pipeline, now: number): Backlog {
  const { account, region, name, type } = pipeline.job()
  const states = pipeline.states()
  const { records, bytes, oldestArrival = now } = waitingIn(states)
  const firstLostAt = pipeline.firstLostAt()
  return {
    ...{ account, region, name, type, records, bytes },
    oldestAgeMs: Math.max(0, now - oldestArrival),
    isFailing: states.some(({ failures }) => failures > 0),
    ...(firstLostAt !== undefined && { firstLostInMs: Math.max(0, firstLostAt - now) }),
  }
}
