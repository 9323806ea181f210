import { eventStream, list, oneOf, required, string, structure, timestamp } from '../../service/shape.ts'
import { requestedConsumer, statusOfConsumer } from '../consumers/consumer.ts'
import { takeSubscription } from '../consumers/subscription.ts'
import { consumerNotActive, subscribedTooOften } from '../exceptions/consumers.ts'
import { dryRunSucceeded } from '../exceptions/records.ts'
import { operation } from '../kinesis.ts'
import { countEvents } from '../metering/usage.ts'
import { subscriptionEvents } from '../records/pushed-events.ts'
import { placeOf, positionOf } from '../records/starting-position.ts'
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
import { namedShard } from '../streams/requested.ts'

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
  async handle(kinesis, { ConsumerARN, ShardId, StartingPosition, DryRun }, caller) {
    const asked = requestedConsumer({ ConsumerARN })
    const found = await kinesis.streams.get(asked.ref)
    const now = kinesis.clock.now()
    const consumer = asked.in(found.stream, now)
    if (statusOfConsumer(consumer, now) !== 'ACTIVE') throw consumerNotActive(found.ref, consumer)
    const shard = namedShard(found.ref, found.stream, ShardId)
    const key = `${found.group}/${shard.shardId}/${consumer.consumerName}`
    if (!kinesis.throughput.admit('subscribe', key, 0))
      throw subscribedTooOften(consumer.consumerName, shard.shardId)
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
    const events = subscriptionEvents(kinesis, { found, consumer: asked, shard, from, subscription, signal })
    return { EventStream: countEvents(kinesis.meters, found, consumer, events) }
  },
})
