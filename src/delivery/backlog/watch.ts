import type { Cancel } from '../../clock/clock.ts'
import { isEngineError, type LogStore } from '../../engine/ports/engine.ts'
import { decodeRecord } from '../../engine/ports/record.ts'
import type { Problems } from '../../metrics/problems.ts'
import type { DeliveryPorts } from '../delivery-ports.ts'
import { type Job, streamArnOf } from '../job.ts'
import { loadProgress } from '../progress/checkpoint.ts'
import { followShards } from '../progress/source.ts'
import type { LogPosition } from '../reading/log-range.ts'
import { createSerial } from '../turns.ts'
import {
  lostAt,
  type Outlook,
  outlookText,
  SHORTEST_RETENTION_MS,
  type Standstill,
  standstillText,
  warnAt,
} from './outlook.ts'

const EXPIRING = 'RecordsExpiring'
const FAILING = 'DeliveryFailing'
const DENIED = 'DeliveryAccessDenied'
/** The engine says what is wrong. */
const NO_ROOM = 'StorageFull'
/** A destination that is away for less than that is nothing to be told of: it is tried again. */
const FAILING_MS = 10 * 60_000
/** How often it is looked again how long there is left. */
const AGAIN_MS = 3_600_000
/** How often at most, while that is said and something is done: what is delivered gives more time. */
const MOVED_MS = 60_000
const NEVER = Number.POSITIVE_INFINITY

export interface WatchOptions {
  readonly ports: DeliveryPorts
  readonly job: () => Job
  /** Under which the progress of those is kept that read the source. */
  readonly readers: () => readonly string[]
  /** Something is not delivered, or may not be. */
  readonly isBehind: () => boolean
  /** Of each line whose destination fails, the one that has for the longest time first. */
  readonly standstills: () => readonly Standstill[]
}

/** Says how long a destination has been failing, and when the stream's retention would take what is not delivered. */
export function createWatch(options: WatchOptions) {
  const { ports, job, isBehind, standstills } = options
  const { clock, problems } = ports
  const run = createSerial()
  let outlook: Outlook | undefined
  let cancel: Cancel | undefined
  let lookedAt = Number.NEGATIVE_INFINITY
  let nextAt = NEVER
  let isClosed = false

  /** By `dueAt` at the latest: a clock that is moved far need not stop at each time before it. */
  const lookAt = (time: number, dueAt = time) => {
    cancel?.()
    nextAt = time
    cancel = isClosed ? undefined : clock.lookAt(time, () => run(look), dueAt)
  }
  const lookIn = (durationMs: number) => lookAt(lookedAt + durationMs, NEVER)
  const rest = () => {
    cancel?.()
    nextAt = NEVER
  }
  const look = async () => {
    if (isClosed) return
    lookedAt = clock.now()
    // Should this fail, too.
    lookIn(AGAIN_MS)
    outlook = await outlookOf(options).catch(unlessClosed)
    const now = clock.now()
    if (outlook && now >= warnAt(outlook))
      return problems.report({
        code: EXPIRING,
        where: job().where,
        what: outlookText(outlook, standstills()[0], now),
      })
    problems.solved(EXPIRING, job().where)
    if (outlook) lookAt(warnAt(outlook))
    else if (isBehind()) lookIn(SHORTEST_RETENTION_MS / 4)
    else rest()
  }
  return {
    /** Something was done, or tried. */
    moved(): void {
      if (isClosed) return
      sayStandstills(problems, job(), standstills(), clock.now())
      if (streamArnOf(job()) === undefined) return
      const isSaid = outlook !== undefined && clock.now() >= warnAt(outlook)
      // Once for each moment: a moved clock has everybody work behind every alarm.
      if (isSaid && !isBehind()) lookAt(Math.max(clock.now(), lookedAt + 1), NEVER)
      else if (isSaid && nextAt > lookedAt + MOVED_MS) lookIn(MOVED_MS)
      else if (nextAt === NEVER && lookedAt < clock.now() && isBehind()) lookAt(clock.now())
    },
    /** When the first record is lost, ms since 1970, as far as it is near. */
    lostAt: (): number | undefined =>
      outlook && clock.now() >= warnAt(outlook) ? lostAt(outlook) : undefined,
    async close(): Promise<void> {
      isClosed = true
      cancel?.()
      await run(async () => undefined)
    },
  }
}

export type Watch = ReturnType<typeof createWatch>

/** Of a job that is no more. */
export function forgetStandstill(problems: Problems, { where }: Pick<Job, 'where'>): void {
  problems.solved(EXPIRING, where)
  problems.solved(FAILING, where)
  problems.solved(DENIED, where)
}

/** One cause is said once. */
function sayStandstills(
  problems: Problems,
  { where }: Pick<Job, 'where'>,
  standstills: readonly Standstill[],
  now: number,
): void {
  const denial = standstills.find((one) => one.denial !== undefined)?.denial
  if (denial === undefined) problems.solved(DENIED, where)
  else problems.report({ code: DENIED, where, what: denial })
  const standstill = standstills.find((one) => one.denial === undefined && one.error.code !== NO_ROOM)
  if (!standstill) problems.solved(FAILING, where)
  if (!standstill || now < standstill.since + FAILING_MS) return
  const what = `${standstillText(standstill)}; what waits is kept, and is delivered when it takes it`
  problems.report({ code: FAILING, where, what })
}

/** Undefined when everything is delivered, or the stream is no more. */
async function outlookOf({ ports, job, readers }: WatchOptions): Promise<Outlook | undefined> {
  const streamArn = streamArnOf(job())
  const stream = streamArn === undefined ? undefined : await ports.streams.describe(streamArn)
  if (!stream) return undefined
  const progress = await Promise.all(readers().map((id) => loadProgress(ports.metadata, id)))
  const arrivals = await Promise.all(
    progress
      // Shards that nobody has come to yet have something to lose, too.
      .flatMap((one) => (one ? followShards(one.checkpoint.value.positions, stream) : []))
      .filter(({ group, done }) => group === stream.group && !done)
      .map((position) => oldestOf(ports.logs, position)),
  )
  const oldestArrival = Math.min(...arrivals)
  return Number.isFinite(oldestArrival) ? { oldestArrival, retentionMs: stream.retentionMs } : undefined
}

/** When the oldest record arrived that is left of what is behind a position; Infinity where there is none. */
async function oldestOf(logs: LogStore, position: LogPosition): Promise<number> {
  try {
    const { entries } = await logs.read(position, position.next, { entries: 1, bytes: 1 })
    return entries[0] ? decodeRecord(entries[0].data).arrivalTime : Number.POSITIVE_INFINITY
  } catch (error) {
    if (isEngineError(error, 'NoSuchGroup')) return Number.POSITIVE_INFINITY
    throw error
  }
}

function unlessClosed(error: unknown): undefined {
  if (!isEngineError(error, 'Closed')) throw error
  return undefined
}
