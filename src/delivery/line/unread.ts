import type { LogId } from '../../engine/ports/engine.ts'
import type { DeliveryPorts } from '../delivery-ports.ts'
import { isDeAggregated, type Job, streamArnOf } from '../job.ts'
import type { SourceStream } from '../progress/source.ts'
import type { Content, LogPosition } from '../reading/log-range.ts'
import { readingOf } from '../reading/reading.ts'
import { createBuffer } from './buffer.ts'
import { createIntake } from './intake.ts'

/** What a reader of a stream has before it. */
export interface Unread {
  readonly content: Content
  /** Where it would stand having read that. */
  readonly after: readonly LogPosition[]
  /** Of these something was gone already. */
  readonly missed: readonly LogId[]
}

/** Reads a stream that gets no more records to its end, as a reader at these positions would. */
export async function unreadOf(
  { logs, clock }: Pick<DeliveryPorts, 'logs' | 'clock'>,
  job: Job,
  positions: readonly LogPosition[],
  stream: SourceStream,
): Promise<Unread> {
  const buffer = createBuffer({ reading: readingOf({}, isDeAggregated(job)) })
  const missed: LogId[] = []
  const intake = createIntake({
    ...{ logs, positions, now: clock.now, streamArn: streamArnOf(job) },
    streams: { describe: async () => stream },
    take: (id, entries) => buffer.take(id, entries, Number.POSITIVE_INFINITY),
    missed: async (log) => void missed.push(log),
    isFull: () => false,
    wake: () => undefined,
    signal: new AbortController().signal,
  })
  await intake.fill()
  return { content: buffer.content(), after: intake.positions(), missed }
}
