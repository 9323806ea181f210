/** A Firehose on an engine in memory with a clock that stands still, a bucket in a map and a Kinesis stream of shards. */

import assert from 'node:assert/strict'
import { gunzipSync } from 'node:zlib'
import { type Clock, createClock, type MovableClock } from '../../src/clock/clock.ts'
import { systemRandom } from '../../src/clock/random.ts'
import { startDelivery } from '../../src/delivery/delivery.ts'
import { DestinationError } from '../../src/delivery/destination.ts'
import type { SourceShard, StreamSource } from '../../src/delivery/progress/source.ts'
import { createMemoryEngine } from '../../src/engine/memory/memory-engine.ts'
import type { Engine, LogStore } from '../../src/engine/ports/engine.ts'
import { encodeRecord, NO_HASH_KEY } from '../../src/engine/ports/record.ts'
import {
  DESTINATIONS,
  type DestinationTable,
  openDestinations,
} from '../../src/firehose/destinations/destination-table.ts'
import { type ErrorLogRecord, errorLogRecordOf } from '../../src/firehose/destinations/error-log.ts'
import type { DeliveryObject, ObjectStore } from '../../src/firehose/destinations/object-store.ts'
import { createFirehose, type Firehose } from '../../src/firehose/firehose.ts'
import { createPrograms } from '../../src/firehose/programs/create-programs.ts'
import type { Programs } from '../../src/firehose/programs/programs.ts'
import { firehoseServiceTo } from '../../src/firehose/service.ts'
import { deliveryStreamJobs } from '../../src/firehose/streams/jobs.ts'
import { type Deliveries, deliveriesOf } from '../../src/insight/deliveries.ts'
import { type Meters, noMeters } from '../../src/metrics/meters.ts'
import { createProblems, type KnownProblems } from '../../src/metrics/problems.ts'
import { refusingWrites } from '../../src/server/room/refusing-writes.ts'
import { bind, callOf } from '../../src/service/invoke.ts'
import { callerOf } from '../caller.ts'
import { mortal } from './mortal.ts'

export const ACCOUNT = '123456789012'
export const REGION = 'us-east-1'
export const NAME = 'to-s3'
export const ROLE = `arn:aws:iam::${ACCOUNT}:role/firehose`
export const BUCKET = 'bucket'
export const STREAM_ARN = `arn:aws:kinesis:${REGION}:${ACCOUNT}:stream/clicks`
export const START = Date.parse('2026-07-03T09:05:07Z')

export const destination = (settings: object = {}) => ({
  ExtendedS3DestinationConfiguration: { RoleARN: ROLE, BucketARN: `arn:aws:s3:::${BUCKET}`, ...settings },
})

export interface StoredObject {
  readonly key: string
  readonly body: Buffer
  readonly contentEncoding?: string | undefined
  readonly puts: number
}

/** Threads, which the labs of a process share as those of a server do: they end with the process. */
const sharedPrograms = createPrograms()

/** A bucket that can be told to fail. */
export function createBucket() {
  const objects = new Map<string, StoredObject>()
  let refuses: (key: string) => boolean = () => false
  /** So many puts from now on, or those of some keys. */
  const refuse = (what: number | ((key: string) => boolean)) => {
    let left = Number(what)
    refuses = typeof what === 'number' ? () => left-- > 0 : what
  }
  const port: ObjectStore = {
    async put({ key, body, contentEncoding }: DeliveryObject) {
      if (refuses(key)) {
        throw new DestinationError({
          code: 'S3.NoSuchBucket',
          message: 'The specified bucket does not exist',
        })
      }
      const chunks: Uint8Array[] = []
      for await (const chunk of body()) chunks.push(chunk)
      const bytes = Buffer.concat(chunks)
      const before = objects.get(key)
      if (before) assert.deepEqual(bytes, before.body, 'an object is put again with the same bytes')
      objects.set(key, { key, body: bytes, contentEncoding, puts: (before?.puts ?? 0) + 1 })
      return { etag: '"etag"', sizeBytes: bytes.length }
    },
    async find({ key }) {
      const found = objects.get(key)
      return found && { etag: '"etag"', sizeBytes: found.body.length }
    },
  }
  return { port, refuse, list: () => [...objects.values()] }
}

export const textOf = ({ body, contentEncoding }: StoredObject) =>
  (contentEncoding === 'gzip' ? gunzipSync(body) : body).toString()

/** A Kinesis stream as the engine holds it. */
export function createStream(engine: Engine, clock: Clock, first = 'kinesis/clicks') {
  let group = first
  let retentionMs = 86_400_000
  const shards: SourceShard[] = []
  const source: StreamSource = {
    describe: async (streamArn) =>
      streamArn === STREAM_ARN
        ? { streamName: 'clicks', group, retentionMs, shards: [...shards] }
        : undefined,
  }
  return {
    source,
    ready: () => engine.logs.ensureGroup(group, { retentionMs }),
    /** As IncreaseStreamRetentionPeriod does. */
    async keepFor(longerMs: number): Promise<void> {
      retentionMs = longerMs
      await engine.logs.ensureGroup(group, { retentionMs })
    },
    /** From now on another stream of the same shards has its name. */
    replace(): void {
      group += '/again'
    },
    open(shardId: string, ...parentShardIds: string[]) {
      const sequenceNumberOf = (position: number) => String(position)
      assert.ok(
        shards.every((older) => older.shardId < shardId),
        'shards are named in the order of their age',
      )
      shards.push({ shardId, log: shardId, parentShardIds, closed: false, sequenceNumberOf })
    },
    async close(shardId: string) {
      const index = shards.findIndex((shard) => shard.shardId === shardId)
      shards[index] = { ...shards[index]!, closed: true }
      await engine.logs.seal({ group, log: shardId })
    },
    async put(shardId: string, data: string | Uint8Array) {
      const entry = encodeRecord({
        arrivalTime: clock.now(),
        hashKey: NO_HASH_KEY,
        partitionKey: 'key',
        data: typeof data === 'string' ? Buffer.from(data) : data,
      })
      return (await engine.logs.append({ group, log: shardId }, [entry])).first
    },
  }
}

export interface LabOptions {
  readonly limits?: 'aws' | 'off'
  readonly meters?: Meters
  /** Runs the queries; threads that labs share if absent. */
  readonly programs?: Programs
  /** All that there are, if absent. */
  readonly destinations?: DestinationTable
}

export interface Lab {
  readonly clock: MovableClock
  readonly engine: Engine
  readonly bucket: ReturnType<typeof createBucket>
  readonly stream: ReturnType<typeof createStream>
  readonly errors: unknown[]
  /** What goes on being wrong. */
  readonly problems: KnownProblems
  /** What was reported of failed deliveries. */
  readonly reports: ErrorLogRecord[]
  /** From now on, until undefined. */
  failAppends(error: Error | undefined): void
  call<T = Record<string, unknown>>(operation: string, input: object): Promise<T>
  put(text: string): Promise<string>
  /** For `boot`: a server that dies at that step. */
  mortal(lastStep: number): ReturnType<typeof mortal>
  /** A server's life: the service and its workers on the lab's engine, or on one that fails on purpose. */
  boot(over?: { engine?: Engine; destination?: ObjectStore }): Promise<Deliveries>
}

export async function createLab({
  limits = 'off',
  meters = noMeters,
  programs = sharedPrograms,
  destinations = DESTINATIONS,
}: LabOptions = {}): Promise<Lab> {
  const errors: unknown[] = []
  const reports: ErrorLogRecord[] = []
  let appendError: Error | undefined
  const clock = createClock({ mode: 'manual', startAt: START, onError: (error) => errors.push(error) })
  const problems = createProblems({ now: clock.now, warn: () => undefined, info: () => undefined })
  const memory = createMemoryEngine({ clock })
  const append: LogStore['append'] = (...args) =>
    appendError ? Promise.reject(appendError) : memory.logs.append(...args)
  const engine: Engine = { ...memory, logs: { ...memory.logs, append } }
  const bucket = createBucket()
  const stream = createStream(engine, clock)
  await stream.ready()
  const firehoseOn = ({ logs, metadata }: Engine): Firehose =>
    createFirehose({
      logs,
      metadata,
      clock,
      random: systemRandom,
      meters,
      limits,
      streams: stream.source,
      programs,
    })
  const offered = refusingWrites(firehoseServiceTo(destinations), engine)
  const bound = bind(offered, firehoseOn(engine), () => undefined)
  const caller = callerOf({ account: ACCOUNT, region: REGION })
  const call = async <T>(operation: string, input: object) =>
    (await bound.invoke(callOf(bound.service.operations.get(operation)!, input, caller))).output as T
  return {
    clock,
    engine,
    bucket,
    stream,
    errors,
    problems,
    reports,
    failAppends(error) {
      appendError = error
    },
    call,
    async put(text) {
      const input = { DeliveryStreamName: NAME, Record: { Data: Buffer.from(text) } }
      return (await call<{ RecordId: string }>('PutRecord', input)).RecordId
    },
    mortal: (lastStep) => mortal(engine, bucket.port, lastStep),
    async boot({ engine: { logs, metadata } = engine, destination: put = bucket.port } = {}) {
      const delivery = await startDelivery({
        ...{ logs, metadata, clock, problems, random: systemRandom, streams: stream.source },
        jobs: [deliveryStreamJobs({ meters, programs, destinations })],
        destinations: openDestinations({ objects: put }, destinations),
        report: (failed) => reports.push(errorLogRecordOf(failed, destinations)),
      })
      return deliveriesOf(delivery, destinations)
    },
  }
}

/** Creates a delivery stream and lets it become ACTIVE. */
export async function createActive(lab: Lab, input: object = destination()): Promise<void> {
  await lab.call('CreateDeliveryStream', { DeliveryStreamName: NAME, ...input })
  await lab.clock.advance(1000)
}

export const fromStream = {
  DeliveryStreamType: 'KinesisStreamAsSource',
  KinesisStreamSourceConfiguration: { KinesisStreamARN: STREAM_ARN, RoleARN: ROLE },
}

/** Lets everything that was started without being awaited come to rest. */
export async function rest(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate)
}
