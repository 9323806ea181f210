import type { Cancel } from '../../clock/clock.ts'
import { type Document, isEngineError, type LogStore } from '../../engine/engine.ts'
import { dataBytesOf } from '../../engine/record.ts'
import { type DeliveryStream, deAggregates } from '../delivery-stream.ts'
import type { Firehose } from '../firehose.ts'
import { type Processing, processingOf } from '../processing.ts'
import { isPartitioned } from '../s3-settings.ts'
import { billedBytesOf } from './buffer.ts'
import { type Checkpoint, loadProgress } from './checkpoint.ts'
import { sourceOf } from './error-record.ts'
import { createIntake, type Intake } from './intake.ts'
import { meterLag, meterRead } from './meter-delivery.ts'
import { stageIdOf } from './outlet.ts'
import { type Processed, process, type SourceRecord } from './process.ts'
import { createRetry } from './retry.ts'
import { createSerial } from './serial.ts'
import { type LogPosition, OLDEST } from './source.ts'

const BATCH = { records: 1000, bytes: 2 * 2 ** 20 }
const READ_LIMITS = { entries: 1000, bytes: 2 ** 20 }

/** Everything before `positions` has left the stage; a batch that was begun is repeated with its own processing. */
interface StageCheckpoint extends Checkpoint {
  readonly batch?: Batch
}
interface Batch {
  readonly to: readonly LogPosition[]
  readonly processing: Processing
}

export interface StageOptions {
  readonly firehose: Firehose
  readonly stream: DeliveryStream
  /** Puts what was processed into the logs of its outlets, durably; the same records may come a second time. */
  readonly emit: (processed: readonly Processed[]) => Promise<void>
  /** Called when the checkpoint has moved. */
  readonly onMoved: () => Promise<void>
}

/**
 * Reads the source, lets the processors decide what becomes of each record, and puts it into the log of its outlet.
 * A batch is begun with a commit; after a crash it is repeated as it was begun, and outlets drop what they have
 * seen. Undefined when the delivery stream has no stage (any more).
 */
export async function openStage({ firehose, emit, onMoved, ...options }: StageOptions) {
  const { logs, metadata, clock, streams } = firehose
  const closing = new AbortController()
  const run = createSerial()
  const retry = createRetry(clock.now)
  let stream = options.stream
  let waits = new AbortController()
  let checkpoint: Document<StageCheckpoint>
  let intake: Intake
  let unfinished: Batch | undefined
  let batch: SourceRecord[] = []
  let batchBytes = 0
  let cancelAlarm: Cancel = () => undefined

  const context = async (processing: Processing) => ({
    processing,
    isPartitioned: isPartitioned(stream.destination),
    isDeAggregated: deAggregates(stream),
    flawOf: stream.channel?.flawOf,
    sourceOf: await sourceOf(firehose, stream),
    now: clock.now(),
  })

  async function load(): Promise<boolean> {
    const loaded = await loadProgress(metadata, stageIdOf(stream))
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
      streamArn: stream.source?.streamArn,
      positions: unfinished?.to ?? checkpoint.value.positions,
      take(id, entries) {
        for (const { position, data } of entries) {
          batch.push({ origin: { ...id, position }, entry: data })
          batchBytes += data.length
        }
        return entries.length
      },
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

  /** A batch that was begun in an earlier life, or failed halfway. */
  async function finishBatch({ to, processing }: Batch): Promise<void> {
    const { positions, objects } = checkpoint.value
    for await (const records of recordsBetween(logs, positions, to))
      await emit(await process(records, await context(processing)))
    await commit({ positions: to, objects })
    unfinished = undefined
  }

  async function advance(): Promise<void> {
    if (unfinished) await finishBatch(unfinished)
    while (!closing.signal.aborted) {
      await intake.fill()
      if (batch.length === 0) break
      const processing = processingOf(stream.destination)
      const to = intake.positions()
      const { positions, batch: last, objects } = checkpoint.value
      await commit({ positions: last?.to ?? positions, batch: { to, processing }, objects })
      meterRead(firehose.meters, stream, totalsOf(batch))
      meterLag(firehose.meters, stream, intake.lags())
      await emit(await process(batch, await context(processing)))
      ;[batch, batchBytes] = [[], 0]
    }
    const { batch: last, objects } = checkpoint.value
    if (last) await commit({ positions: intake.positions(), objects })
    if (last) await onMoved()
    intake.await()
    alarmAt(intake.hasMore() ? clock.now() : intake.recheckAt())
  }

  async function work(): Promise<void> {
    try {
      if (retry.failures() > 0 && !(await load())) return close()
      await advance()
      retry.succeeded()
    } catch (error) {
      if (closing.signal.aborted || isEngineError(error, 'Closed')) return
      retry.failed(error)
      alarmAt(retry.retryAt())
      if (!isEngineError(error, 'Conflict')) throw error
    } finally {
      firehose.changes.add()
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

  if (!(await load())) return undefined
  alarmAt(clock.now())
  return {
    refresh(changed: DeliveryStream): void {
      stream = changed
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
    async close(): Promise<void> {
      close()
      await run(async () => undefined)
    },
  }
}

export type Stage = NonNullable<Awaited<ReturnType<typeof openStage>>>

function totalsOf(batch: readonly SourceRecord[]) {
  const sizes = batch.map(({ entry }) => dataBytesOf(entry))
  return {
    records: batch.length,
    bytes: sizes.reduce((sum, bytes) => sum + bytes, 0),
    billedBytes: sizes.reduce((sum, bytes) => sum + billedBytesOf(bytes), 0),
  }
}

/** The records of every log from one set of positions to another; a log that is in the first alone was read to its end. */
async function* recordsBetween(
  logs: LogStore,
  from: readonly LogPosition[],
  to: readonly LogPosition[],
): AsyncGenerator<SourceRecord[]> {
  const keyOf = ({ group, log }: LogPosition) => `${group}\n${log}`
  const ends = new Map(to.map((position) => [keyOf(position), position.next]))
  const starts = new Map(from.map((position) => [keyOf(position), position.next]))
  for (const position of [...from, ...to.filter((one) => !starts.has(keyOf(one)))]) {
    const { group, log } = position
    const end = ends.get(keyOf(position)) ?? Number.POSITIVE_INFINITY
    for (let next = starts.get(keyOf(position)) ?? OLDEST; next < end; ) {
      const slice = await logs.read({ group, log }, next, READ_LIMITS).catch((error: unknown) => {
        // The stream was deleted meanwhile, and its records with it.
        if (isEngineError(error, 'NoSuchGroup')) return undefined
        throw error
      })
      const own = slice?.entries.filter((entry) => entry.position < end) ?? []
      if (!slice || own.length === 0) break
      yield own.map((entry) => ({ origin: { group, log, position: entry.position }, entry: entry.data }))
      next = slice.next
    }
  }
}
