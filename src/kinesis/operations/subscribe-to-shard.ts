import type { Clock } from '../../clock/clock.ts'
import type { LogStore, Position, Slice } from '../../engine/ports/engine.ts'
import { type Flight, unbounded } from '../../service/memory/flight.ts'
import { eventStream, list, oneOf, required, string, structure, timestamp } from '../../service/shape.ts'
import { onConsumer } from '../accesses.ts'
import { type ConsumerQuestion, requestedConsumer, statusOfConsumer } from '../consumers/consumer.ts'
import { type Subscription, takeSubscription } from '../consumers/subscription.ts'
import { answering } from '../exceptions/kinds.ts'
import { dryRunSucceeded } from '../exceptions/records.ts'
import { consumerNotActive, shardNotFound, subscriptionTaken } from '../exceptions/streams.ts'
import { operation } from '../kinesis.ts'
import { admit, type Throughput } from '../limits/shard-throughput.ts'
import { millisBehind, placeOf, positionOf, recordsOf } from '../records/read.ts'
import {
  childShard,
  consumerArn,
  dryRun,
  millisBehindLatest,
  record,
  sequenceNumber,
  shardId,
  streamId,
} from '../shapes.ts'
import { type Shard, sequenceNumbersOf } from '../shards/shard.ts'
import { describedChild } from '../streams/description.ts'
import { namedShard } from '../streams/requested.ts'
import type { FoundStream, StreamStore } from '../streams/store.ts'
import { childrenOf } from '../streams/stream.ts'
import { bytesOf, countEvents } from '../usage.ts'

const exception = structure({ message: string() })

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_SubscribeToShard.html */
export const subscribeToShard = operation({
  name: 'SubscribeToShard',
  input: structure({
    ConsumerARN: required(consumerArn),
    StreamId: streamId,
    ShardId: required(shardId),
    StartingPosition: required(
      structure({
        Type: required(
          oneOf('AFTER_SEQUENCE_NUMBER', 'LATEST', 'AT_TIMESTAMP', 'AT_SEQUENCE_NUMBER', 'TRIM_HORIZON'),
        ),
        SequenceNumber: sequenceNumber,
        Timestamp: timestamp(),
      }),
    ),
    DryRun: dryRun,
  }),
  output: structure({
    EventStream: required(
      eventStream({
        SubscribeToShardEvent: structure({
          Records: required(list(record)),
          ContinuationSequenceNumber: sequenceNumber,
          MillisBehindLatest: required(millisBehindLatest),
          ChildShards: list(childShard),
        }),
        ResourceNotFoundException: exception,
        ResourceInUseException: exception,
        KMSDisabledException: exception,
        KMSInvalidStateException: exception,
        KMSAccessDeniedException: exception,
        KMSNotFoundException: exception,
        KMSOptInRequired: exception,
        KMSThrottlingException: exception,
        InternalFailureException: exception,
      }),
    ),
  }),
  accesses: (kinesis, input) =>
    onConsumer(kinesis, 'SubscribeToShard', requestedConsumer({ ConsumerARN: input.ConsumerARN })),
  metrics: () => ({ Success: 1 }),
  async handle(kinesis, { ConsumerARN, ShardId, StartingPosition, DryRun }, caller) {
    const asked = requestedConsumer({ ConsumerARN })
    const found = await kinesis.streams.get(asked.ref)
    const now = kinesis.clock.now()
    const consumer = asked.in(found.stream, now)
    if (statusOfConsumer(consumer, now) !== 'ACTIVE') throw consumerNotActive(found.ref, consumer)
    const shard = namedShard(found.ref, found.stream, ShardId, now)
    admit(kinesis, 'subscribe', { found, shardId: shard.shardId, consumerName: consumer.consumerName })
    const { Type: type, SequenceNumber, Timestamp } = StartingPosition
    const place = placeOf(
      { type, sequenceNumber: SequenceNumber, timestamp: Timestamp },
      { operation: 'SubscribeToShard', ref: found.ref, shard },
      now,
    )
    if (DryRun) throw dryRunSucceeded()
    const from = await positionOf(kinesis, found, shard, place)
    const signal = caller.signal()
    const wanted = { group: found.group, consumer, shardId: shard.shardId }
    const subscription = await takeSubscription(kinesis, wanted, signal)
    const reading = { found, consumer: asked, shard, from, subscription, signal }
    const events = subscriptionEvents(kinesis, { ...reading, flight: caller.flight ?? unbounded })
    return { EventStream: countEvents(kinesis.meters, found, consumer, events) }
  },
})

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_SubscribeToShard.html */
const LIFETIME_MS = 300_000
/** The longest silence. */
const HEARTBEAT_MS = 5_000
const MAX_RECORDS = 10_000
const MAX_BYTES = 2 * 2 ** 20
/** Where there is little room, an event has so many bytes of records, or one. */
const LEAST_BYTES = 64 * 1024

interface Ports {
  readonly clock: Clock
  readonly logs: LogStore
  readonly streams: StreamStore
  readonly throughput: Throughput
  /** Ends the subscriptions, which would else keep the server's connections open for minutes. */
  readonly closing: AbortSignal
}

interface Subscribed {
  readonly found: FoundStream
  readonly consumer: ConsumerQuestion
  readonly shard: Shard
  readonly from: Position
  readonly subscription: Subscription
  /** Aborts when the client has gone. */
  readonly signal: AbortSignal
  readonly flight: Flight
}

/**
 * Events as records arrive, at 2 MiB/s at most, until five minutes are over, the shard was read to its end, or the
 * client has gone. What the rate holds back stays in the log. Throws
 * ResourceInUseException when another call takes over, ResourceNotFoundException when the stream or consumer goes.
 */
async function* subscriptionEvents(ports: Ports, subscribed: Subscribed) {
  const { clock, logs, streams, throughput } = ports
  const { found, consumer, shard, subscription, flight } = subscribed
  const id = { group: found.group, log: shard.shardId }
  const stop = AbortSignal.any([subscribed.signal, subscription.lost, ports.closing])
  const endsAt = clock.now() + LIFETIME_MS
  let dueAt = clock.now()
  let position = subscribed.from
  try {
    while (!stop.aborted && clock.now() < endsAt) {
      const room = throughput.room('push', subscription.id)
      if (room.bytes === 0 && clock.now() < dueAt) {
        await untilTime(Math.min(room.moreAt, dueAt, endsAt))
        continue
      }
      const wanted = Math.min(room.bytes, MAX_BYTES)
      const bytes = await flight.take(wanted, Math.min(wanted, LEAST_BYTES), 'patient')
      const slice = await logs
        .read(id, position, { entries: MAX_RECORDS, bytes })
        .catch(answering({ NoSuchGroup: () => shardNotFound(found.ref, shard.shardId) }))
      const { stream } = await (slice.sealed
        ? streams.afterSeal(found.ref, shard.shardId)
        : streams.get(found.ref))
      consumer.in(stream, clock.now())
      const children = slice.sealed ? childrenOf(stream, shard) : []
      position = slice.next
      if (slice.entries.length > 0 || children.length > 0 || clock.now() >= dueAt) {
        dueAt = clock.now() + HEARTBEAT_MS
        const event = eventOf(shard, slice, children, clock.now())
        throughput.add('push', subscription.id, bytesOf(event.SubscribeToShardEvent.Records))
        const heldBytes = bytesOf(event.SubscribeToShardEvent.Records)
        flight.add(heldBytes - bytes)
        // It goes on when the event was taken.
        yield event
        flight.give(heldBytes)
        if (children.length > 0) return
      } else flight.give(bytes)
      if (slice.atTip) await news(slice, Math.min(dueAt, endsAt))
    }
    if (subscription.lost.aborted) throw subscriptionTaken(consumer.name)
  } finally {
    await subscription.end()
  }

  /** Resolves when there may be more records, at `time`, or when it is over. */
  async function news({ sealed, next }: Slice, time: number): Promise<void> {
    const turn = new AbortController()
    const signal = AbortSignal.any([stop, turn.signal])
    const waits = [untilTime(time, signal)]
    // What is sealed has no more news: its children come with the stream's document.
    if (!sealed) waits.push(logs.wait(id, next, signal))
    await Promise.race(waits).catch((error) => {
      if (!signal.aborted) throw error
    })
    turn.abort()
    await Promise.allSettled(waits)
  }

  /** Resolves at `time`, or when it is over. */
  async function untilTime(time: number, signal = stop): Promise<void> {
    await clock.sleep(Math.max(0, time - clock.now()), signal).catch((error) => {
      if (!signal.aborted) throw error
    })
  }
}

/** The end of a shard is told by its children, and there is nothing to continue from then. */
function eventOf(shard: Shard, slice: Slice, children: readonly Shard[], now: number) {
  const Records = recordsOf(shard, slice)
  const readUntil = Records.at(-1)?.ApproximateArrivalTimestamp ?? now
  return {
    SubscribeToShardEvent: {
      Records,
      MillisBehindLatest: millisBehind(slice, Records, now),
      ...(children.length > 0
        ? { ChildShards: children.map(describedChild) }
        : {
            // What was read last, so that reading goes on AFTER_SEQUENCE_NUMBER; nothing lies at position 0.
            ContinuationSequenceNumber: sequenceNumbersOf(shard)(Math.max(0, slice.next - 1), readUntil),
          }),
    },
  }
}
