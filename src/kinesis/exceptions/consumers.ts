/** What Kinesis answers when it refuses something about a consumer, in AWS's words where they are known. */
import type { StreamRef } from '../stream-ref.ts'
import { inUse, invalidArgument, limitExceeded, notFound, Phrase, phrase } from './kinds.ts'

export const consumerNotFound = ({ account }: StreamRef, name: string) =>
  notFound(`Consumer ${name}, account ${account} not found.`)

export const consumerNotActive = (
  { streamName, account }: StreamRef,
  { consumerName, createdAt }: { consumerName: string; createdAt: number },
) =>
  inUse(
    `Consumer ${consumerName} with creation timestamp ${Math.floor(createdAt / 1_000)} under stream ${streamName} ` +
      `and account ${account} is not in ACTIVE status.`,
  )

/** AWS's words go on behind the colon, which are not known. */
export const subscriptionTaken = (consumerName: string) =>
  inUse(`Another active subscription exists for this consumer: ${consumerName}`)

// AWS documents when these are refused, not with which words.

export const consumerExists = (stream: StreamRef, name: string) =>
  inUse(`Consumer ${name} of ${phrase(stream)} already exists.`)

export const subscribedTooOften = (consumerName: string, shardId: string) =>
  limitExceeded(`Rate exceeded for subscriptions of consumer ${consumerName} to shard ${shardId}.`)

export const neitherConsumerArnNorName = () =>
  invalidArgument('Either ConsumerARN or both StreamARN and ConsumerName should be provided.')

export const consumerArnMismatch = (arn: string) =>
  invalidArgument(`ConsumerARN ${arn} does not match the StreamARN and ConsumerName that came with it.`)

export const tooManyConsumers = (stream: StreamRef, limit: number) =>
  limitExceeded(`${Phrase(stream)} cannot have more than ${limit} consumers.`)

export const tooManyConsumersCreating = (limit: number) =>
  limitExceeded(`No more than ${limit} consumers of a stream can be in the CREATING state at a time.`)
