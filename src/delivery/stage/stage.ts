import type { Cancel } from '../../clock/clock.ts'
import { type Document, EngineError, isEngineError, type LogId } from '../../engine/ports/engine.ts'
import type { DeliveryPorts } from '../delivery-ports.ts'
import { type Job, streamArnOf } from '../job.ts'
import { createIntake, type Intake } from '../line/intake.ts'
import { readPermission } from '../line/permission.ts'
import { createSerial } from '../turns.ts'
import {
  begin,
  emitKept,
  end,
  finish,
  type Judged,
  judge,
  loadCheckpoint,
  type StageCheckpoint,
} from './batch.ts'
import { AnswerMissing, saySuspension, sayUnfinished, suspendedAt } from './judging.ts'
import type { Processed, SourceRecord } from './process.ts'
import { next, opened, type StageAction, type StageEvent, type StageState } from './stage-machine.ts'

const BATCH = { records: 1000, bytes: 2 * 2 ** 20 }

export interface StageOptions {
  readonly ports: DeliveryPorts
  readonly job: Job
  /** Puts what was processed into the logs of its outlets, durably; the same records may come a second time. */
  readonly emit: (processed: readonly Processed[]) => Promise<void>
  /** Told of a log of which something was gone before it could be read. */
  readonly onMissed: (log: LogId) => Promise<void>
  /** Called when the checkpoint has moved. */
  readonly onMoved: () => Promise<void>
  /** Called when something was done or tried. */
  readonly onWorked: () => void
}

/** A stage at work: what the machine says of it, and what its actions need. */
export interface Held {
  readonly options: StageOptions
  readonly run: ReturnType<typeof createSerial>
  readonly closing: AbortController
  state: StageState
  job: Job
  checkpoint: Document<StageCheckpoint>
  flow: Flow
  cancelAlarm: Cancel
}

/** What is read, and what of it makes the next batch. */
interface Flow {
  readonly intake: Intake
  /** Ends the waiting for more. */
  readonly waits: AbortController
  batch: SourceRecord[]
  bytes: number
  judged?: Judged | undefined
}

/**
 * Reads the source, lets the processors decide what becomes of each record, and puts it into the log of its outlet, as
 * stage-machine.ts decides. A batch that was processed is committed with its verdicts; after a crash it is repeated
 * with them, and outlets drop what they have seen. Undefined when the job has no stage (any more).
 */
export async function openStage(options: StageOptions) {
  const { ports, job } = options
  const checkpoint = await loadCheckpoint(ports.metadata, job)
  if (!checkpoint) return undefined
  const held: Held = {
    ...{ options, job, checkpoint, run: createSerial(), closing: new AbortController() },
    state: opened(checkpoint.value.batch !== undefined),
    flow: openFlow(() => held, options, checkpoint.value),
    cancelAlarm: () => undefined,
  }
  const { run } = held
  if (suspensionOf(held) !== undefined) saySuspension(ports.problems, job, suspensionOf(held))
  setAlarm(held, ports.clock.now())
  return {
    refresh(changed: Job): void {
      held.job = changed
      if (suspensionOf(held) === undefined) saySuspension(ports.problems, changed)
    },
    /** Everything acknowledged so far is in the outlets' logs. */
    settle: () =>
      run(async () => {
        held.flow.intake.expectAll()
        await work(held)
      }),
    /** Runs while no batch is being processed. */
    between: <T>(task: () => Promise<T>): Promise<T> => run(task),
    /** The same with a task that moves the checkpoint: it goes on from there. */
    overtake: (task: () => Promise<void>): Promise<void> =>
      run(async () => {
        await task()
        if (held.state.isClosed) return
        if ((await loadAgain(held)).type === 'loaded') setAlarm(held, ports.clock.now())
      }),
    intake: () => held.flow.intake,
    /** Something of its source is in no log of an outlet. */
    isBehind: () => held.state.isBegun || held.flow.batch.length > 0 || held.flow.intake.isBehind(),
    /** Since when the user's program is suspended; undefined when it runs. */
    suspendedAt: () => suspensionOf(held),
    async close(): Promise<void> {
      closeDown(held)
      await run(async () => undefined)
    },
  }
}

export type Stage = NonNullable<Awaited<ReturnType<typeof openStage>>>

const suspensionOf = ({ job, checkpoint }: Held) => suspendedAt(job, checkpoint.value.exceeding)

/** Reads on from what is durable: behind the batch that was begun, or behind the checkpoint. */
function openFlow(held: () => Held, { ports, job, onMissed }: StageOptions, kept: StageCheckpoint): Flow {
  const waits = new AbortController()
  const flow: Flow = {
    waits,
    batch: [],
    bytes: 0,
    intake: createIntake({
      logs: ports.logs,
      now: ports.clock.now,
      streams: ports.streams,
      streamArn: streamArnOf(job),
      mayRead: readPermission(ports, () => held().job),
      positions: kept.batch?.to ?? kept.positions,
      take(id, entries) {
        for (const { position, data } of entries) {
          flow.batch.push({ origin: { ...id, position }, entry: data })
          flow.bytes += data.length
        }
        return entries.length
      },
      async missed(log) {
        await checkUnmoved(held())
        await onMissed(log)
      },
      isFull: () => flow.batch.length >= BATCH.records || flow.bytes >= BATCH.bytes,
      wake: () => setAlarm(held(), ports.clock.now()),
      signal: waits.signal,
    }),
  }
  return flow
}

/** Rejects with Conflict when somebody else has moved it on, and named what was there. */
async function checkUnmoved({ options, checkpoint }: Held): Promise<void> {
  const now = await loadCheckpoint(options.ports.metadata, options.job)
  if (now?.revision !== checkpoint.revision)
    throw new EngineError('Conflict', `${options.job.name} was moved on`)
}

/** What the machine has to do about an event. */
function apply(held: Held, event: StageEvent): readonly StageAction[] {
  const { state, actions } = next(held.state, event, held.options.ports.clock.now())
  held.state = state
  return actions
}

/** Does one thing after the other until there is nothing left to do now. */
async function work(held: Held): Promise<void> {
  const { ports } = held.options
  const actions = [...apply(held, { type: 'woken' })]
  try {
    for (let action = actions.shift(); action; action = actions.shift()) {
      const event = await perform(held, action).catch((error: unknown) => failureOf(held, error))
      if (event) actions.push(...apply(held, event))
      if (event?.type !== 'failed') continue
      for (const last of actions) await perform(held, last)
      if (!isEngineError(event.error, 'Conflict')) throw event.error
      return
    }
  } finally {
    ports.changed()
    held.options.onWorked()
  }
}

function failureOf({ options, job, closing }: Held, error: unknown): StageEvent {
  if (closing.signal.aborted || isEngineError(error, 'Closed')) return { type: 'died' }
  if (error instanceof AnswerMissing) sayUnfinished(options.ports.problems, job, true)
  return { type: 'failed', error }
}

/** What came of it, if that is an event. */
async function perform(held: Held, action: StageAction): Promise<StageEvent | undefined> {
  const { flow } = held
  switch (action.do) {
    case 'load':
      return await loadAgain(held)
    case 'finish':
      await finish(held)
      emptyBatch(flow)
      return { type: 'finished' }
    case 'read':
      await flow.intake.fill()
      return { type: 'read', isEmpty: flow.batch.length === 0, ...aheadOf(flow) }
    case 'judge':
      flow.judged = await judge(held)
      return { type: 'judged' }
    case 'begin':
      await begin(held, flow.judged!)
      if (suspensionOf(held) !== undefined)
        saySuspension(held.options.ports.problems, held.job, suspensionOf(held))
      return { type: 'begun', isWhole: flow.judged!.isWhole }
    case 'emit':
      await emitKept(held, flow.judged!)
      emptyBatch(flow)
      return { type: 'emitted' }
    case 'end':
      await end(held)
      await held.options.onMoved()
      return { type: 'ended', ...aheadOf(flow) }
    default:
      performAtOnce(held, action)
      return undefined
  }
}

function performAtOnce(held: Held, action: StageAction): void {
  if (action.do === 'listen') held.flow.intake.await()
  if (action.do === 'alarm') setAlarm(held, action.at)
  if (action.do === 'close') stop(held)
}

const aheadOf = ({ intake }: Flow) => ({ hasMore: intake.hasMore(), recheckAt: intake.recheckAt() })

function emptyBatch(flow: Flow): void {
  flow.batch = []
  flow.bytes = 0
  flow.judged = undefined
}

/** Goes on from what is durable. */
async function loadAgain(held: Held): Promise<StageEvent> {
  const { options, flow } = held
  const checkpoint = await loadCheckpoint(options.ports.metadata, options.job)
  if (!checkpoint) return { type: 'absent' }
  flow.waits.abort()
  held.checkpoint = checkpoint
  held.flow = openFlow(() => held, options, checkpoint.value)
  return { type: 'loaded', isBegun: checkpoint.value.batch !== undefined }
}

function closeDown(held: Held): void {
  for (const action of apply(held, { type: 'closed' })) performAtOnce(held, action)
}

function setAlarm(held: Held, at: number): void {
  held.cancelAlarm()
  if (held.state.isClosed || at === Number.POSITIVE_INFINITY) return
  const { clock } = held.options.ports
  const wake = async () => void (await held.run(() => work(held)))
  // Later there may be something to read, or what failed may go well.
  held.cancelAlarm = at <= clock.now() ? clock.at(at, wake) : clock.lookAt(at, wake)
}

function stop({ cancelAlarm, flow, closing }: Held): void {
  cancelAlarm()
  flow.waits.abort()
  closing.abort()
}
