import { maybe, number, object, shape } from '../../engine/ports/checks.ts'
import { document } from '../../engine/ports/document.ts'
import type { Document, LogId, LogStore, MetadataStore } from '../../engine/ports/engine.ts'
import { dataBytesOf } from '../../engine/ports/record.ts'
import type { DeliveryPorts } from '../delivery-ports.ts'
import { isDeAggregated, type Job, streamArnOf } from '../job.ts'
import type { Intake } from '../line/intake.ts'
import { checkpointDocument, checkpointKeyOf, checkpointMembers } from '../progress/checkpoint.ts'
import { stageIdOf } from '../progress/outlet.ts'
import {
  type BatchPlace,
  batchPlaceMembers,
  type LogPiece,
  rangesBetween,
  type StagePlace,
} from '../progress/repeats.ts'
import { billedBytesOf, type LogPosition, logKeyOf, readRange } from '../reading/log-range.ts'
import type { Judging } from '../step.ts'
import {
  type Exceeding,
  exceedingAfter,
  exceedingCheck,
  judgeAgain,
  judgeFirst,
  judgeFormer,
  sayUnfinished,
  type Verdicts,
  verdictsCheck,
} from './judging.ts'
import {
  type Processed,
  type ProcessingContext,
  process,
  type SourceOf,
  type SourceRecord,
} from './process.ts'

/** Of what a batch has become, in memory; beyond that it is processed a second time, piece by piece. */
const KEPT_BYTES = 64 * 2 ** 20

/** A batch that was begun is repeated with its own processing. */
export interface StageCheckpoint extends StagePlace {
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

/** Also what a line's progress is, which has less. */
export const stageCheckpointDocument = document<StageCheckpoint>({
  keys: checkpointDocument.keys,
  version: 1,
  check: shape<StageCheckpoint>({
    ...checkpointMembers,
    batch: maybe(
      shape<Batch>({
        ...{ ...batchPlaceMembers, processing: object() },
        ...{ at: maybe(number), verdicts: maybe(verdictsCheck) },
      }),
    ),
    exceeding: maybe(exceedingCheck),
  }),
})

/** Undefined when the job has no stage (any more). */
export const loadCheckpoint = (
  metadata: MetadataStore,
  job: Pick<Job, 'id'>,
): Promise<Document<StageCheckpoint> | undefined> =>
  stageCheckpointDocument.get(metadata, checkpointKeyOf(stageIdOf(job)))

/** What came of a batch that was read. */
export interface Judged {
  readonly begun: Batch
  readonly exceeding: Exceeding | undefined
  readonly kept: readonly Processed[][]
  /** All of it is in `kept`. */
  readonly isWhole: boolean
}

/** A stage, as far as its batches need it. */
interface Passing {
  readonly options: {
    readonly ports: DeliveryPorts
    readonly emit: (processed: readonly Processed[]) => Promise<void>
    readonly onMissed: (log: LogId) => Promise<void>
  }
  readonly job: Job
  readonly closing: AbortController
  readonly flow: { readonly batch: readonly SourceRecord[]; readonly intake: Intake }
  checkpoint: Document<StageCheckpoint>
}

/** Processes what was read; nothing of it has left. */
export async function judge(passing: Passing): Promise<Judged> {
  const { options, job, flow, checkpoint } = passing
  const { version, stage } = job
  const at = options.ports.clock.now()
  const place = { to: flow.intake.positions(), ranges: rangesOf(flow.batch), processing: stage!.processing }
  const { exceeding } = checkpoint.value
  const judging = judgeFirst(exceeding?.version === version ? exceeding.inARow : 0)
  const context = await contextOf(passing, place.processing, judging, at)
  const { kept, isWhole } = await keep(process(flow.batch, context))
  const begun = { ...place, at, verdicts: judging.verdicts() }
  return { begun, exceeding: exceedingAfter({ version }, judging.inARow(), exceeding, at), kept, isWhole }
}

/** Makes durable what could come out otherwise another time, before any of it leaves. */
export async function begin(passing: Passing, { begun, exceeding }: Judged): Promise<void> {
  const { job, flow } = passing
  const { positions, batch: last, objects } = passing.checkpoint.value
  await commit(passing, {
    ...{ positions: last?.to ?? positions, batch: begun, objects },
    ...(exceeding && { exceeding }),
  })
  job.meters.read(totalsOf(flow.batch))
  job.meters.lag(flow.intake.lags())
}

export async function emitKept({ options }: Passing, { kept }: Judged): Promise<void> {
  for (const group of kept) await options.emit(group)
}

/** A batch that was begun in an earlier life, or failed halfway, or has become too much to keep. */
export async function finish(passing: Passing): Promise<void> {
  const { options, job } = passing
  const { ports, emit, onMissed } = options
  const begun = passing.checkpoint.value.batch!
  const known = begun.verdicts ? begun : await judged(passing, begun)
  const judging = judgeAgain(known.verdicts ?? [])
  const context = await contextOf(passing, known.processing, judging, known.at ?? ports.clock.now())
  const { positions, objects, exceeding } = passing.checkpoint.value
  for await (const records of recordsAgain(ports.logs, positions, known, onMissed))
    for await (const group of process(records, context)) await emit(group)
  await commit(passing, { positions: known.to, objects, ...(exceeding && { exceeding }) })
  sayUnfinished(ports.problems, job, false)
}

/** Where a former version began a batch and met a query without end, it could not emit any of it. */
async function judged(passing: Passing, begun: Batch): Promise<Batch> {
  const { clock, logs } = passing.options.ports
  const judging = judgeFormer()
  const at = clock.now()
  const context = await contextOf(passing, begun.processing, judging, at)
  for await (const records of recordsAgain(logs, passing.checkpoint.value.positions, begun, sayNothing))
    for await (const _group of process(records, context));
  const known = { ...begun, at, verdicts: judging.verdicts() }
  await commit(passing, { ...passing.checkpoint.value, batch: known })
  return known
}

/** What is missing is said when the batch is finished. */
const sayNothing = async () => undefined

/** All that was read has left. */
export async function end(passing: Passing): Promise<void> {
  const { objects, exceeding } = passing.checkpoint.value
  await commit(passing, {
    positions: passing.flow.intake.positions(),
    objects,
    ...(exceeding && { exceeding }),
  })
}

async function commit(passing: Passing, value: StageCheckpoint): Promise<void> {
  const { key, revision: expect } = passing.checkpoint
  const revision = await passing.options.ports.metadata.commit([{ put: key, value, expect }])
  passing.checkpoint = { key, value, revision }
}

async function contextOf(
  { options, job, closing }: Passing,
  processing: object,
  judging: Judging,
  now: number,
): Promise<ProcessingContext> {
  return {
    ...{ judging, now, signal: closing.signal },
    steps: job.stage!.stepsOf(processing),
    isPartitioned: job.stage!.isPartitioned,
    isDeAggregated: isDeAggregated(job),
    sourceOf: await sourceOf(options.ports, job),
  }
}

export function rangesOf(records: readonly SourceRecord[]): LogPiece[] {
  const ranges = new Map<string, LogPiece>()
  for (const { origin } of records) {
    const { group, log, position } = origin
    const { from = position, records: before = 0 } = ranges.get(logKeyOf(origin)) ?? {}
    ranges.set(logKeyOf(origin), { group, log, from, to: position + 1, records: before + 1 })
  }
  return [...ranges.values()]
}

/**
 * A batch's records once more, those of each log in their order, parents before children. What is gone is left out, and
 * `missed`, since nobody knows any more whether it came through before.
 */
export async function* recordsAgain(
  logs: LogStore,
  from: readonly LogPosition[],
  { to, ranges = rangesBetween(from, to) }: BatchPlace,
  missed: (log: LogId) => Promise<void>,
): AsyncGenerator<SourceRecord[]> {
  for (const range of ranges) {
    let found = 0
    for await (const entries of readRange(logs, range)) {
      found += entries.length
      yield entries.map(({ position, data }) => ({
        origin: { group: range.group, log: range.log, position },
        entry: data,
      }))
    }
    if (found < range.records) await missed(range)
  }
}

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
  const shards = new Map(
    [...(stream?.former ?? []), ...(stream?.shards ?? [])].map((shard) => [shard.log, shard]),
  )
  return ({ log, position }, arrivalTime) => {
    const shard = shards.get(log)
    return {
      streamARN,
      shardId: shard?.shardId ?? log,
      ...(shard && { sequenceNumber: shard.sequenceNumberOf(position, arrivalTime) }),
    }
  }
}
