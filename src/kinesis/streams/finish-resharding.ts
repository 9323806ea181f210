import type { Clock } from '../../clock/clock.ts'
import { isEngineError, type LogStore, type MetadataStore } from '../../engine/engine.ts'
import { update } from '../../engine/update.ts'
import type { Meters } from '../../metrics/meters.ts'
import { meterStream } from '../metering/stream-hours.ts'
import { groupOf, keyOf, type StreamRef } from '../stream-ref.ts'
import { nextStep, parentsOfStep, takeStep } from './resharding.ts'
import type { Stream } from './stream.ts'

/** What keeps streams as their documents say: with it nothing of a stream's course depends on a request. */
export interface Upkeep {
  readonly logs: LogStore
  readonly metadata: MetadataStore
  readonly clock: Clock
  readonly meters: Meters
}

/**
 * Takes the steps of a stream's resharding that are left, if it is due, or has begun: the log of `sealed` was found
 * sealed, by another process's clock it was due. Harmless when there are none, when several do it at once, and
 * when it breaks off: the parents' logs are sealed before the document has their children, so that every record of a
 * child lies behind all of its parents', and what was acknowledged is in one of them.
 */
export async function finishResharding(
  { logs, metadata, clock, meters }: Upkeep,
  ref: StreamRef,
  sealed?: string,
): Promise<void> {
  for (;;) {
    const stream = (await metadata.get<Stream>(keyOf(ref)))?.value
    if (!stream?.resharding || !stream.passing) return
    const group = groupOf(ref, stream.creationId)
    const parents = parentsOfStep(nextStep(stream))
    const isDue = clock.now() >= stream.passing.endsAt
    if (!isDue && (sealed === undefined || !parents.includes(sealed))) return
    try {
      const seals = await Promise.all(
        parents.map(async (log) => [log, await logs.seal({ group, log })] as const),
      )
      await step(new Map(seals), stream.creationId)
    } catch (error) {
      // Deleted meanwhile.
      if (!isEngineError(error, 'NoSuchGroup')) throw error
      return
    }
  }

  async function step(seals: ReadonlyMap<string, number>, creationId: string): Promise<void> {
    const after = await update<Stream, Stream | undefined>(metadata, keyOf(ref), (current) => {
      const value =
        current?.creationId === creationId ? takeStep(current, seals, Math.floor(clock.now())) : current
      return { value, result: value }
    })
    if (after) meterStream(meters, ref, after)
  }
}

/** Has it finished when the clock says so, at once if it does already, whether somebody asks for the stream or not. */
export async function scheduleResharding(ports: Upkeep, ref: StreamRef, stream: Stream): Promise<void> {
  const { resharding, passing } = stream
  if (!resharding || !passing) return
  if (ports.clock.now() >= passing.endsAt) await finishResharding(ports, ref)
  else ports.clock.at(passing.endsAt, () => finishResharding(ports, ref))
}
