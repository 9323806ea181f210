import type { Cancel } from '../../clock/clock.ts'
import { isEngineError, type LogId } from '../../engine/ports/engine.ts'
import { ServiceException } from '../../service/exception.ts'
import type { DeliveryPorts } from '../delivery-ports.ts'
import { isDeAggregated, type Job, streamArnOf } from '../job.ts'
import type { Delivered, DeliveryReason } from '../lineage/manifest.ts'
import { type Outlet, outletIdOf } from '../progress/outlet.ts'
import { createForgetfulness } from '../progress/repeats.ts'
import type { LogPosition } from '../reading/log-range.ts'
import { readingOf } from '../reading/reading.ts'
import type { Sites } from '../retries/sites.ts'
import { createSerial, type Slots } from '../turns.ts'
import { createDispatch, type Dispatch, deliver, load, progressOf, seal, sealedOf } from './dispatch.ts'
import { type Flow, hintsOf, openFlow } from './flow.ts'
import {
  type LineAction,
  type LineEvent,
  MANY_CONFLICTS,
  type LineState as MachineState,
  next,
  OPENING,
} from './line-machine.ts'

export interface LineOptions {
  readonly ports: DeliveryPorts
  readonly outlet: Outlet
  readonly job: Job
  readonly compressions: Slots
  readonly puts: Slots
  readonly sites: Sites
  /** Told of a log of which something was gone before it could be read. */
  readonly onMissed: (outlet: Outlet, log: LogId) => Promise<void>
  /** Called behind every delivery, when the checkpoint has moved. */
  readonly onDelivered: (delivered: Delivered, positions: readonly LogPosition[]) => Promise<void>
  /** Called when something was done or tried. */
  readonly onWorked: () => void
}

/** A line at work: what the machine says of it, and what its actions need. */
interface Held {
  readonly options: LineOptions
  readonly dispatch: Dispatch
  readonly run: ReturnType<typeof createSerial>
  readonly forgetSources: ReturnType<typeof createForgetfulness>
  readonly closing: AbortController
  state: MachineState
  job: Job
  flow: Flow
  cancelAlarm: Cancel
}

/**
 * One outlet's line: read → buffer → seal → put → checkpoint, one step at a time, as line-machine.ts decides.
 * Every commit checks the checkpoint's revision: of two lines at work on the same outlet one seals, the other
 * starts over from what is durable.
 * Undefined when the outlet has no checkpoint (any more).
 */
export async function openLine(options: LineOptions): Promise<Line | undefined> {
  const { ports, outlet, compressions, puts, sites } = options
  const reading = readingOf(outlet, isDeAggregated(options.job))
  const closing = new AbortController()
  const dispatch = createDispatch({
    ...{ ports, outlet, reading, compressions, puts, sites, signal: closing.signal },
    isAsked: () => held.state.request !== 'none',
    visitor: { wake: () => tell(held, { type: 'changed' }), signal: closing.signal },
    id: outletIdOf(options.job, outlet),
    job: () => held.job,
    retry: () => held.state.retry,
    told: (event) => void apply(held, event),
  })
  if (!(await load(dispatch))) return undefined
  const held: Held = {
    ...{ options, dispatch, closing, job: options.job, state: OPENING },
    run: createSerial(),
    forgetSources: createForgetfulness(ports),
    flow: flowOf(options, dispatch, () => held),
    cancelAlarm: () => undefined,
  }
  tell(held, { type: 'loaded', isSealed: sealedOf(dispatch) !== undefined })
  return lineOf(held)
}

function lineOf(held: Held) {
  const { options, run } = held
  return {
    outlet: options.outlet,
    /** The job was changed. */
    refresh(now: Job): void {
      held.job = now
      tell(held, { type: 'changed' })
    },
    /** Everything acknowledged so far is in the buffer, and what is due has been tried. */
    settle: () =>
      run(async () => {
        held.flow.intake.expectAll()
        await work(held, false)
      }),
    /** Delivers what there is; throws DeliveryFailed when the destination refuses. */
    deliverNow: () =>
      run(async () => {
        held.flow.intake.expectAll()
        const delivered = await work(held, true)
        const { isSealed, retry } = held.state
        if (isSealed) throw deliveryFailed(held.job.name, retry.lastError?.message ?? 'it is being closed')
        return delivered
      }),
    /** Has a task move what is durable while nothing else is done, and goes on from there. */
    overtake: (task: () => Promise<void>): Promise<void> =>
      run(async () => {
        await task()
        if (held.state.isClosed) return
        tell(held, await loadAgain(held))
        setAlarm(held, { at: options.ports.clock.now() })
      }),
    /** The last record of each source, where a stage may repeat them. */
    seen: () => held.flow.buffer.seen(),
    /** Something of its source is not delivered, as far as is known. */
    isBehind: () =>
      held.state.isSealed || held.flow.buffer.totals().records > 0 || held.flow.intake.isBehind(),
    /** Nothing waits and nothing is on its way. */
    isIdle: () =>
      !held.state.isSealed && held.flow.buffer.totals().records === 0 && !held.flow.intake.hasMore(),
    state: () => shownOf(held),
    /** Stops; what is buffered stays in the logs, with its deadline. */
    async close(): Promise<void> {
      tell(held, { type: 'closed' })
      await run(async () => undefined)
    },
  }
}

export type Line = ReturnType<typeof lineOf>
/** What the gauge and `landed` show of a line; changes under whoever keeps it. */
export type LineState = ReturnType<typeof shownOf>

function shownOf({ options, state, job, flow, dispatch }: Held) {
  const { failures, retryAt, lastError, denial } = state.retry
  const sealed = sealedOf(dispatch)
  return {
    outlet: options.outlet,
    hints: hintsOf(job, options.outlet, flow.buffer),
    progress: progressOf(dispatch),
    buffer: flow.buffer,
    intake: flow.intake,
    /** What is in no batch, as far as it was counted. */
    waiting: flow.ahead.waiting() ?? flow.buffer.totals(),
    failures,
    /** It was tried then for the first time. */
    ...(sealed && failures > 0 && { failingSince: sealed.sealedAt }),
    ...(state.isSealed && failures > 0 && { retryAt }),
    ...(lastError && { lastError }),
    ...(denial !== undefined && { denial }),
  }
}

const flowOf = ({ ports, job, onMissed }: LineOptions, dispatch: Dispatch, held: () => Held): Flow =>
  openFlow({
    ...{ dispatch, onMissed, streamArn: streamArnOf(job) },
    wake: () => setAlarm(held(), { at: ports.clock.now() }),
  })

/** What the machine has to do about an event. */
function apply(held: Held, event: LineEvent): readonly LineAction[] {
  const before = held.state
  const { state, actions } = next(before, event, held.options.ports.clock.now())
  held.state = state
  sayConflicts(held, before)
  return actions
}

/** One conflict is nothing: somebody else did the work. Many in a row are a line that never has its turn. */
function sayConflicts({ options, job, state }: Held, before: MachineState): void {
  const { problems } = options.ports
  const [code, where] = ['Contended', job.where] as const
  const isStuck = state.conflicts >= MANY_CONFLICTS && !state.isClosed
  if (isStuck && state.conflicts > before.conflicts) {
    const what =
      'its delivery never has its turn, as something else moves it on each time: is another server at work on the same data'
    problems.report({ code, where, what })
  } else if (!isStuck && before.conflicts >= MANY_CONFLICTS) problems.solved(code, where)
}

/** Of something that asks for nothing that takes time. */
function tell(held: Held, event: LineEvent): void {
  for (const action of apply(held, event)) {
    if (action.do === 'alarm') setAlarm(held, action)
    if (action.do === 'close') stop(held)
  }
}

/** Does one thing after the other until there is nothing left to do now. */
async function work(held: Held, isRequested: boolean): Promise<Delivered[]> {
  const { ports } = held.options
  const done: Delivered[] = []
  const actions = [...apply(held, { type: 'woken', isRequested })]
  try {
    for (let action = actions.shift(); action; action = actions.shift()) {
      const event = await perform(held, action, done).catch((error: unknown) => failureOf(held, error))
      if (event === 'closing') {
        tell(held, { type: 'closed' })
        return []
      }
      if (event?.type === 'conflicted') done.length = 0
      if (event) actions.push(...apply(held, event))
      if (event?.type === 'failed') {
        for (const last of actions) await perform(held, last, done)
        throw event.error
      }
    }
    return done
  } finally {
    ports.changed()
    held.options.onWorked()
  }
}

function failureOf({ closing }: Held, error: unknown): LineEvent | 'closing' {
  if (closing.signal.aborted || isEngineError(error, 'Closed')) return 'closing'
  return isEngineError(error, 'Conflict') ? { type: 'conflicted' } : { type: 'failed', error }
}

/** What came of it, if that is an event. */
async function perform(held: Held, action: LineAction, done: Delivered[]): Promise<LineEvent | undefined> {
  const { dispatch, flow, options } = held
  switch (action.do) {
    case 'load':
      return await loadAgain(held)
    case 'deliver': {
      const delivered = await deliver(dispatch)
      if (delivered) {
        done.push(delivered)
        await options.onDelivered(delivered, progressOf(dispatch).checkpoint.value.positions)
      } else if (!held.closing.signal.aborted) await flow.ahead.look()
      return { type: 'delivered', isSealed: sealedOf(dispatch) !== undefined }
    }
    case 'read': {
      const { intake, buffer, ahead } = flow
      await intake.fill()
      // As long as the destination fails: otherwise it will be read anyway.
      const { isSealed, retry } = held.state
      if (isSealed && (ahead.hasMore() || retry.isWithheld)) await ahead.look()
      const [totals, hints] = [buffer.totals(), hintsOf(held.job, options.outlet, buffer)]
      return {
        type: 'read',
        totals,
        hints,
        hasMore: intake.hasMore() || (isSealed && ahead.hasMore()),
        recheckAt: intake.recheckAt(),
      }
    }
    case 'seal':
      return { type: 'sealed', isSealed: await sealWhatWaits(held, action.reason) }
    case 'listen':
      flow.intake.await()
      return undefined
    case 'alarm':
      setAlarm(held, action)
      return undefined
    case 'close':
      stop(held)
      return undefined
  }
}

/** Goes on from what is durable. */
async function loadAgain(held: Held): Promise<LineEvent> {
  const { dispatch, flow } = held
  if (!(await load(dispatch))) return { type: 'absent' }
  flow.waits.abort()
  held.flow = flowOf(held.options, dispatch, () => held)
  return { type: 'loaded', isSealed: sealedOf(dispatch) !== undefined }
}

/** False when the job is no more. */
async function sealWhatWaits(held: Held, reason: DeliveryReason): Promise<boolean> {
  const { dispatch, flow, options, job, forgetSources } = held
  const { intake, buffer, ahead } = flow
  const { outlet, ports } = options
  if (outlet.name === '') job.meters.lag(intake.lags())
  if (outlet.log) await forgetSources(job, outlet.log, intake.positions()[0]!.next, buffer)
  const [content, positions] = [buffer.content(), intake.positions()]
  if (!(await seal(dispatch, reason, content, positions))) return false
  buffer.clear()
  await ahead.moved(positions, [...content.ranges, ...(content.gone ?? [])])
  ports.changed()
  return true
}

function setAlarm(held: Held, { at, dueAt = at }: { readonly at: number; readonly dueAt?: number }): void {
  held.cancelAlarm()
  if (held.state.isClosed || at === Number.POSITIVE_INFINITY) return
  const { clock } = held.options.ports
  held.cancelAlarm = clock.lookAt(
    at,
    async () => void (await held.run(() => work(held, false))),
    at <= clock.now() ? at : dueAt,
  )
}

function stop({ cancelAlarm, flow, closing }: Held): void {
  cancelAlarm()
  flow.waits.abort()
  closing.abort()
}

/** Answers Standpipe's own `deliver`: what the destination said. */
const deliveryFailed = (name: string, reason: string) =>
  new ServiceException('DeliveryFailed', `The delivery of ${name} failed and will be retried: ${reason}`, 502)
