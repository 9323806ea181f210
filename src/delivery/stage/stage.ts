import type { Cancel } from '../../clock/clock.ts'
import { type Document, isEngineError, type LogId } from '../../engine/engine.ts'
import { dataBytesOf } from '../../engine/record.ts'
import type { DeliveryPorts } from '../delivery-ports.ts'
import { isDeAggregated, type Job, streamArnOf } from '../job.ts'
import { createIntake, type Intake } from '../line/intake.ts'
import { createRetry } from '../line/retry.ts'
import { loadProgress } from '../progress/checkpoint.ts'
import { stageIdOf } from '../progress/outlet.ts'
import type { BatchPlace, StagePlace } from '../progress/repeats.ts'
import { billedBytesOf, type LogPosition } from '../reading/log-range.ts'
import type { Judging } from '../step.ts'
import { createSerial } from '../turns.ts'
import { rangesOf, recordsAgain, type SourceRecord } from './batch.ts'
import { AnswerMissing, judgeAgain, judgeFirst, judgeFormer } from './judging.ts'
import { type Processed, process, type SourceOf } from './process.ts'
import { type Exceeding, exceedingAfter, saySuspension, sayUnfinished, suspendedAt } from './suspension.ts'
import type { Verdicts } from './verdicts.ts'

const BATCH = { records: 1000, bytes: 2 * 2 ** 20 }
/** Of what a batch has become, in memory; beyond that it is processed a second time, piece by piece. */
const KEPT_BYTES = 64 * 2 ** 20

/** A batch that was begun is repeated with its own processing. */
interface StageCheckpoint extends StagePlace {
  readonly batch?: Batch
  readonly exceeding?: Exceeding
}
/** Durable before any of it is emitted. */
interface Batch extends BatchPlace {
  readonly processing: object
  /** When it was begun. This and the verdicts are absent where a former version began it, before it was processed. */
  readonly at?: number
  readonly verdicts?: Verdicts
}

export interface StageOptions {
  readonly ports: DeliveryPorts
  readonly job: Job
  /** Puts what was processed into the logs of its outlets, durably; the same records may come a second time. */
  readonly emit: (processed: readonly Processed[]) => Promise<void>
  /** Told of a log of which something was gone before it could be read. */
  readonly onMissed: (log: LogId) => Promise<void>
  /** Called when the checkpoint has moved. */
  readonly onMoved: () => Promise<void>
}

/**
 * Reads the source, lets the processors decide what becomes of each record, and puts it into the log of its outlet.
 * A batch that was processed is committed with its verdicts; after a crash it is repeated with them, and outlets drop
 * what they have seen. Undefined when the job has no stage (any more).
 */
export async function openStage({ ports, emit, onMissed, onMoved, ...options }: StageOptions) {
  const { logs, metadata, clock, streams, problems } = ports
  const closing = new AbortController()
  const run = createSerial()
  const retry = createRetry(clock.now)
  let job = options.job
  let waits = new AbortController()
  let checkpoint: Document<StageCheckpoint>
  let intake: Intake
  let unfinished: Batch | undefined
  let batch: SourceRecord[] = []
  let batchBytes = 0
  let cancelAlarm: Cancel = () => undefined

  const context = async (processing: object, judging: Judging, now: number) => ({
    ...{ judging, now, signal: closing.signal },
    steps: job.stage!.stepsOf(processing),
    isPartitioned: job.stage!.isPartitioned,
    isDeAggregated: isDeAggregated(job),
    sourceOf: await sourceOf(ports, job),
  })

  async function load(): Promise<boolean> {
    const loaded = await loadProgress(metadata, stageIdOf(job))
    if (!loaded) return false
    checkpoint = loaded.checkpoint
    unfinished = checkpoint.value.batch
    ;[batch, batchBytes] = [[], 0]
    waits.abort()
    waits = new AbortController()
    intake = createIntake({
      logs,
      now: clock.now,
      streams,
      streamArn: streamArnOf(job),
      positions: unfinished?.to ?? checkpoint.value.positions,
      take(id, entries) {
        for (const { position, data } of entries) {
          batch.push({ origin: { ...id, position }, entry: data })
          batchBytes += data.length
        }
        return entries.length
      },
      missed: onMissed,
      isFull: () => batch.length >= BATCH.records || batchBytes >= BATCH.bytes,
      wake: () => alarmAt(clock.now()),
      signal: waits.signal,
    })
    return true
  }

  async function commit(value: StageCheckpoint): Promise<void> {
    const revision = await metadata.commit([{ put: checkpoint.key, value, expect: checkpoint.revision }])
    checkpoint = { key: checkpoint.key, value, revision }
  }

  /** A batch that was begun in an earlier life, or failed halfway, or has become too much to keep. */
  async function finishBatch(begun: Batch): Promise<void> {
    const known = begun.verdicts ? begun : await judged(begun)
    const again = await context(known.processing, judgeAgain(known.verdicts ?? []), known.at ?? clock.now())
    const { positions, objects, exceeding } = checkpoint.value
    for await (const records of recordsAgain(logs, positions, known, onMissed))
      for await (const group of process(records, again)) await emit(group)
    await commit({ positions: known.to, objects, ...(exceeding && { exceeding }) })
    unfinished = undefined
    sayUnfinished(problems, job, false)
  }

  /** Where a former version began a batch and met a query without end, it could not emit any of it. */
  async function judged(begun: Batch): Promise<Batch> {
    const judging = judgeFormer()
    const at = clock.now()
    const first = await context(begun.processing, judging, at)
    for await (const records of recordsAgain(logs, checkpoint.value.positions, begun, sayNothing))
      for await (const _group of process(records, first));
    const known = { ...begun, at, verdicts: judging.verdicts() }
    await commit({ ...checkpoint.value, batch: known })
    return known
  }

  /** Processes what is read, and makes durable what came of it that could come otherwise, before any of it leaves. */
  async function passBatch(): Promise<void> {
    const { version, stage } = job
    const at = clock.now()
    const place = { to: intake.positions(), ranges: rangesOf(batch), processing: stage!.processing }
    const { positions, batch: last, objects, exceeding } = checkpoint.value
    const judging = judgeFirst(exceeding?.version === version ? exceeding.inARow : 0)
    const { kept, isWhole } = await keep(process(batch, await context(place.processing, judging, at)))
    const begun = { ...place, at, verdicts: judging.verdicts() }
    const exceeds = exceedingAfter({ version }, judging.inARow(), exceeding, at)
    await commit({
      ...{ positions: last?.to ?? positions, batch: begun, objects },
      ...(exceeds && { exceeding: exceeds }),
    })
    if (suspension() !== undefined) saySuspension(problems, job, suspension())
    job.meters.read(totalsOf(batch))
    job.meters.lag(intake.lags())
    if (isWhole) for (const group of kept) await emit(group)
    else await finishBatch(begun)
    ;[batch, batchBytes] = [[], 0]
  }

  async function advance(): Promise<void> {
    if (unfinished) await finishBatch(unfinished)
    while (!closing.signal.aborted) {
      await intake.fill()
      if (batch.length === 0) break
      await passBatch()
    }
    const { batch: last, objects, exceeding } = checkpoint.value
    if (last) await commit({ positions: intake.positions(), objects, ...(exceeding && { exceeding }) })
    if (last) await onMoved()
    intake.await()
    alarmAt(intake.hasMore() ? clock.now() : intake.recheckAt())
  }

  async function work(): Promise<void> {
    // A batch that closing has left in the middle would look as if it had been emitted.
    if (closing.signal.aborted) return
    try {
      if (retry.failures() > 0 && !(await load())) return close()
      await advance()
      retry.succeeded()
    } catch (error) {
      if (closing.signal.aborted || isEngineError(error, 'Closed')) return close()
      retry.failed(error)
      if (error instanceof AnswerMissing) sayUnfinished(problems, job, true)
      alarmAt(retry.retryAt())
      if (!isEngineError(error, 'Conflict')) throw error
    } finally {
      ports.changed()
    }
  }

  function alarmAt(time: number): void {
    cancelAlarm()
    if (closing.signal.aborted || time === Number.POSITIVE_INFINITY) return
    cancelAlarm = clock.at(time, async () => void (await run(work)))
  }

  function close(): void {
    cancelAlarm()
    waits.abort()
    closing.abort()
  }

  const suspension = () => suspendedAt(job, checkpoint.value.exceeding)
  if (!(await load())) return undefined
  if (suspension() !== undefined) saySuspension(problems, job, suspension())
  alarmAt(clock.now())
  return {
    refresh(changed: Job): void {
      job = changed
      if (suspension() === undefined) saySuspension(problems, job)
    },
    /** Everything acknowledged so far is in the outlets' logs. */
    settle: () =>
      run(async () => {
        intake.expectAll()
        await work()
      }),
    /** Runs while no batch is being processed. */
    between: <T>(task: () => Promise<T>): Promise<T> => run(task),
    intake: () => intake,
    positions: (): readonly LogPosition[] => checkpoint.value.positions,
    /** Since when the user's program is suspended; undefined when it runs. */
    suspendedAt: suspension,
    async close(): Promise<void> {
      close()
      await run(async () => undefined)
    },
  }
}

/** What is missing is said when the batch is finished. */
const sayNothing = async () => undefined

export type Stage = NonNullable<Awaited<ReturnType<typeof openStage>>>

function totalsOf(batch: readonly SourceRecord[]) {
  const sizes = batch.map(({ entry }) => dataBytesOf(entry))
  return {
    records: batch.length,
    bytes: sizes.reduce((sum, bytes) => sum + bytes, 0),
    billedBytes: sizes.reduce((sum, bytes) => sum + billedBytesOf(bytes), 0),
  }
}

/** All groups, or none where there is no room for them. */
async function keep(groups: AsyncIterable<Processed[]>) {
  const kept: Processed[][] = []
  let bytes = 0
  for await (const group of groups) {
    bytes += group.reduce((sum, { data }) => sum + data.length, 0)
    if (bytes <= KEPT_BYTES) kept.push(group)
    else kept.length = 0
  }
  return { kept, isWhole: bytes <= KEPT_BYTES }
}

/** Where each record was, for error records that say it. */
async function sourceOf({ streams }: Pick<DeliveryPorts, 'streams'>, job: Job): Promise<SourceOf> {
  const streamARN = streamArnOf(job)
  if (streamARN === undefined || !job.stage?.namesSource) return () => undefined
  const stream = await streams.describe(streamARN)
  const shards = new Map(stream?.shards.map((shard) => [shard.log, shard]))
  return ({ log, position }, arrivalTime) => {
    const shard = shards.get(log)
    return {
      streamARN,
      shardId: shard?.shardId ?? log,
      ...(shard && { sequenceNumber: shard.sequenceNumberOf(position, arrivalTime) }),
    }
  }
}
