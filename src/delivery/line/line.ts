import type { Cancel } from '../../clock/clock.ts'
import { isEngineError, type LogId } from '../../engine/engine.ts'
import { ServiceException } from '../../service/exception.ts'
import type { DeliveryPorts } from '../delivery-ports.ts'
import { isDeAggregated, type Job, streamArnOf } from '../job.ts'
import type { Delivered } from '../lineage/manifest.ts'
import type { Outlet } from '../progress/outlet.ts'
import { createForgetfulness } from '../progress/repeats.ts'
import type { LogPosition } from '../reading/log-range.ts'
import { readingOf } from '../reading/reading.ts'
import { createSerial, type Slots } from '../turns.ts'
import { createBuffer, dueAt, reasonAt } from './buffer.ts'
import { createDispatch } from './dispatch.ts'
import { createIntake, type Intake } from './intake.ts'
import { createRetry } from './retry.ts'

const AFTER_CONFLICT_MS = 1000

export interface LineOptions {
  readonly ports: DeliveryPorts
  readonly outlet: Outlet
  readonly job: Job
  readonly compressions: Slots
  readonly puts: Slots
  /** Told of a log of which something was gone before it could be read. */
  readonly onMissed: (outlet: Outlet, log: LogId) => Promise<void>
  /** Called behind every delivery, when the checkpoint has moved. */
  readonly onDelivered: (delivered: Delivered, positions: readonly LogPosition[]) => Promise<void>
}

/**
 * One outlet's line: read → buffer → seal → put → checkpoint, one step at a time.
 * Every commit checks the checkpoint's revision: of two lines at work on the same outlet one seals, the other
 * starts over from what is durable.
 * Undefined when the outlet has no checkpoint (any more).
 */
export async function openLine(options: LineOptions) {
  const { ports, outlet, compressions, puts, onMissed, onDelivered } = options
  const { logs, clock, streams, changed } = ports
  const reading = readingOf(outlet, isDeAggregated(options.job))
  const closing = new AbortController()
  const run = createSerial()
  const retry = createRetry(clock.now)
  const forgetSources = createForgetfulness(ports)
  let job = options.job
  let waits = new AbortController()
  let intake: Intake
  let buffer: ReturnType<typeof createBuffer>
  let conflicts = 0
  let cancelAlarm: Cancel = () => undefined
  const dispatch = createDispatch({
    ...{ ports, outlet, reading, retry, compressions, puts },
    job: () => job,
    signal: closing.signal,
  })

  const hints = () => job.hintsOf(outlet.kind, buffer.totals().oldestArrival)

  async function load(): Promise<boolean> {
    if (!(await dispatch.load())) return false
    waits.abort()
    waits = new AbortController()
    const sealed = dispatch.sealed()
    const { positions, seen = [] } = dispatch.progress().checkpoint.value
    buffer = createBuffer({
      reading,
      seen: outlet.log && (sealed?.seen?.after ?? seen),
      delimiterBytes: () => job.planOf(outlet).delimiter?.length ?? 0,
    })
    intake = createIntake({
      logs,
      now: clock.now,
      streams,
      streamArn: outlet.log ? undefined : streamArnOf(job),
      positions: sealed?.after ?? positions,
      take: (log, entries) => buffer.take(log, entries, hints().sizeBytes),
      missed: (log) => onMissed(outlet, log),
      isFull: () => buffer.totals().bytes >= hints().sizeBytes,
      wake: () => alarmAt(clock.now()),
      signal: waits.signal,
    })
    return true
  }

  async function advance(isRequested: boolean): Promise<Delivered[]> {
    const done: Delivered[] = []
    let request = isRequested
    while (!closing.signal.aborted) {
      if (dispatch.sealed() && (isRequested || retry.isDue())) {
        const delivered = await dispatch.deliver()
        if (delivered) {
          done.push(delivered)
          await onDelivered(delivered, dispatch.progress().checkpoint.value.positions)
        }
      }
      await intake.fill()
      if (dispatch.sealed()) break
      const totals = buffer.totals()
      const reason =
        reasonAt(totals, hints(), clock.now()) ?? (request && totals.records > 0 ? 'flush' : undefined)
      if (!reason) break
      if (reason === 'flush') request = false
      if (outlet.name === '') job.meters.lag(intake.lags())
      if (outlet.log) await forgetSources(job, outlet.log, intake.positions()[0]!.next, buffer)
      if (!(await dispatch.seal(reason, buffer.content(), intake.positions()))) return done
      buffer.clear()
      changed()
    }
    intake.await()
    alarmAt(nextAt())
    return done
  }

  /** When there is something to do without being woken. */
  function nextAt(): number {
    if (intake.hasMore()) return clock.now()
    return Math.min(dispatch.sealed() ? retry.retryAt() : dueAt(buffer.totals(), hints()), intake.recheckAt())
  }

  async function work(isRequested: boolean): Promise<Delivered[]> {
    try {
      const delivered = await advance(isRequested)
      conflicts = 0
      return delivered
    } catch (error) {
      if (closing.signal.aborted || isEngineError(error, 'Closed')) return []
      if (isEngineError(error, 'Conflict')) {
        // Somebody else moved the checkpoint or changed the job: go on from what is durable.
        const isFirst = conflicts++ === 0
        alarmAt(clock.now() + AFTER_CONFLICT_MS)
        if (!(await load())) close()
        else if (isFirst) alarmAt(clock.now())
        return []
      }
      retry.failed(error)
      alarmAt(retry.retryAt())
      throw error
    } finally {
      changed()
    }
  }

  function alarmAt(time: number): void {
    cancelAlarm()
    if (closing.signal.aborted || time === Number.POSITIVE_INFINITY) return
    cancelAlarm = clock.at(time, async () => void (await run(() => work(false))))
  }

  function close(): void {
    cancelAlarm()
    waits.abort()
    closing.abort()
  }

  if (!(await load())) return undefined
  alarmAt(clock.now())

  return {
    outlet,
    /** The job was changed. */
    refresh(now: Job): void {
      job = now
      retry.again()
      alarmAt(clock.now())
    },
    /** Everything acknowledged so far is in the buffer, and what is due has been tried. */
    settle: () =>
      run(async () => {
        intake.expectAll()
        await work(false)
      }),
    /** Delivers what there is; throws DeliveryFailed when the destination refuses. */
    deliverNow: () =>
      run(async () => {
        intake.expectAll()
        const delivered = await work(true)
        if (dispatch.sealed())
          throw deliveryFailed(job.name, retry.lastError()?.message ?? 'it is being closed')
        return delivered
      }),
    /** The last record of each source, where a stage may repeat them. */
    seen: () => buffer.seen(),
    /** Nothing waits and nothing is on its way. */
    isIdle: () => !dispatch.sealed() && buffer.totals().records === 0 && !intake.hasMore(),
    progress: dispatch.progress,
    state() {
      const lastError = retry.lastError()
      return {
        outlet,
        hints: hints(),
        progress: dispatch.progress(),
        buffer,
        intake,
        failures: retry.failures(),
        ...(dispatch.sealed() && retry.failures() > 0 && { retryAt: retry.retryAt() }),
        ...(lastError && { lastError }),
      }
    },
    /** Stops; what is buffered stays in the logs, with its deadline. */
    async close(): Promise<void> {
      close()
      await run(async () => undefined)
    },
  }
}

export type Line = NonNullable<Awaited<ReturnType<typeof openLine>>>
/** What the gauge and `landed` show of a line; changes under whoever keeps it. */
export type LineState = ReturnType<Line['state']>

/** Answers Standpipe's own `deliver`: what the destination said. */
const deliveryFailed = (name: string, reason: string) =>
  new ServiceException('DeliveryFailed', `The delivery of ${name} failed and will be retried: ${reason}`, 502)
