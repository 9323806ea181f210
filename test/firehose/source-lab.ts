/** Kinesis, Firehose and delivery as the server puts them together, on one engine that outlives them. */

import assert from 'node:assert/strict'
import { createClock } from '../../src/clock/clock.ts'
import { systemRandom } from '../../src/clock/random.ts'
import { startDelivery } from '../../src/delivery/delivery.ts'
import type { Gauge } from '../../src/delivery/gauge.ts'
import { createMemoryEngine } from '../../src/engine/memory/memory-engine.ts'
import { type Engine, EngineError } from '../../src/engine/ports/engine.ts'
import { openDestinations } from '../../src/firehose/destinations/destination-table.ts'
import { createFirehose } from '../../src/firehose/firehose.ts'
import { createPrograms } from '../../src/firehose/programs/create-programs.ts'
import { firehoseService } from '../../src/firehose/service.ts'
import { deliveryStreamJobs } from '../../src/firehose/streams/jobs.ts'
import { deliveriesOf, type ShownLanded } from '../../src/insight/deliveries.ts'
import { landedAt } from '../../src/insight/tracing.ts'
import { createKinesis, recoverKinesis } from '../../src/kinesis/kinesis.ts'
import { kinesisService } from '../../src/kinesis/service.ts'
import { streamSourceOf } from '../../src/kinesis/streams/store.ts'
import { noMeters } from '../../src/metrics/meters.ts'
import { createProblems } from '../../src/metrics/problems.ts'
import { type Bound, bind, callOf } from '../../src/service/invoke.ts'
import { callerOf } from '../caller.ts'
import { ACCOUNT, createBucket, NAME, REGION, START, textOf } from './firehose-lab.ts'
import { mortal } from './mortal.ts'

const caller = callerOf({ account: ACCOUNT, region: REGION })
const programs = createPrograms()

/** A server's life. */
export type Life = Awaited<ReturnType<ReturnType<typeof createSourceLab>['live']>>

export function createSourceLab() {
  const holder: { now: number; clock?: { now(): number } } = { now: START }
  const memory = createMemoryEngine({ clock: { now: () => holder.clock?.now() ?? holder.now } })
  let isFull = false
  let mayRead = true
  const engine: Engine = {
    ...memory,
    logs: {
      ...memory.logs,
      append: async (id, entries) => {
        if (isFull && id.group.startsWith('firehose/'))
          throw new EngineError('StorageFull', 'there is no room')
        return await memory.logs.append(id, entries)
      },
    },
  }
  const bucket = createBucket()

  /** It dies at that of its steps, or when it is closed. */
  async function live(lastStep = Number.POSITIVE_INFINITY) {
    const dying = mortal(engine, bucket.port, lastStep)
    const { logs, metadata } = dying.engine
    const errors: unknown[] = []
    const clock = createClock({
      ...{ mode: 'manual', startAt: holder.now },
      onError: (error) => errors.push(error),
    })
    holder.clock = clock
    const problems = createProblems({ now: clock.now, warn: () => undefined, info: () => undefined })
    const shared = { logs, metadata, clock, random: systemRandom, meters: noMeters, limits: 'off' as const }
    const started = Promise.withResolvers<Awaited<ReturnType<typeof startDelivery>>>()
    const kinesis = createKinesis({
      ...shared,
      beforeDrop: async (arn, stream) => await (await started.promise).leave(arn, stream),
      beforeExpiry: async (arn, stream, expired) =>
        await (await started.promise).leaveShards(arn, stream, expired),
      channels: { begin: () => [], obstacleOf: async () => undefined },
    })
    const streams = streamSourceOf(kinesis)
    const firehose = createFirehose({ ...shared, streams, programs })
    await recoverKinesis(kinesis)
    const delivery = await startDelivery({
      ...{ ...shared, streams, problems },
      refusalToRead: async () => (mayRead ? undefined : 'it cannot read its stream'),
      jobs: [deliveryStreamJobs({ meters: noMeters, programs })],
      destinations: openDestinations({ objects: dying.destination }),
    })
    started.resolve(delivery)
    const calling =
      (bound: Bound) =>
      async <T = Record<string, unknown>>(operation: string, input: object) =>
        (await bound.invoke(callOf(bound.service.operations.get(operation)!, input, caller))).output as T
    return {
      ...{ errors, problems, isDead: dying.isDead },
      kinesis: calling(bind(kinesisService, kinesis, () => undefined)),
      firehose: calling(bind(firehoseService, firehose, () => undefined)),
      async advance(ms: number) {
        await clock.advance(ms)
        holder.now = clock.now()
      },
      async status(): Promise<Gauge> {
        const gauge = await delivery.status({ account: ACCOUNT, region: REGION, name: NAME })
        return gauge ?? assert.fail('there is no such delivery stream')
      },
      landed: (sequenceNumber: string): Promise<ShownLanded[]> =>
        landedAt(
          { delivery: deliveriesOf(delivery), streams },
          { account: ACCOUNT, region: REGION },
          { stream: 'clicks', sequenceNumber },
        ),
      /** The streams go on without it. */
      stopDelivering: () => delivery.close(),
      /** As a kill does, too: nothing is written by then. */
      async close() {
        await delivery.close().catch(() => undefined)
        clock.close()
      },
    }
  }
  return {
    ...{ bucket, live, metadata: memory.metadata },
    /** While nobody lives. */
    pass(ms: number): void {
      holder.now += ms
      delete holder.clock
    },
    /** There is no room for what stages make of records. */
    fill(full: boolean): void {
      isFull = full
    },
    /** No delivery may read its stream. */
    forbid(reading: boolean): void {
      mayRead = !reading
    },
    texts: () => bucket.list().map(textOf).sort(),
  }
}
