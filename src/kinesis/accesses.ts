import { tagKeysOf, tagRequestKeysOf } from '../auth/request-keys.ts'
import type { Access } from '../service/access.ts'
import type { ServiceException } from '../service/exception.ts'
import type { Admission, Caller } from '../service/operation.ts'
import { channelArnOf, foundOrNoChannel, parseChannelArn } from './channels/channel.ts'
import {
  type ConsumerQuestion,
  consumerArnOf,
  consumersOf,
  isConsumer,
  parseConsumerArn,
} from './consumers/consumer.ts'
import { channelNotFound } from './exceptions/channels.ts'
import { consumerNotFound, streamNotFound } from './exceptions/streams.ts'
import type { Kinesis } from './kinesis.ts'
import { arnOf, parseStreamArn, type StreamRef } from './stream-ref.ts'
import { requestedStream } from './streams/requested.ts'

/**
 * What calls do to what. Most name a stream and do to it what they are called.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonkinesisdatastreams.html
 */
export const accessesOf = async (
  kinesis: Kinesis,
  { operation, input, caller }: Admission<Kinesis>,
): Promise<readonly Access[]> => onStream(kinesis, operation.name, requestedStream(input, caller), input)

interface Tagging {
  readonly Tags?: unknown
  readonly TagKeys?: unknown
}

/** An operation on a stream, of which its tags and its policy have a say. */
export async function onStream(
  kinesis: Pick<Kinesis, 'streams'>,
  name: string,
  ref: StreamRef,
  input: Tagging = {},
): Promise<readonly Access[]> {
  const stream = (await kinesis.streams.find(ref))?.stream
  return [accessTo(name, { ref, arn: arnOf(ref), resource: stream, absent: streamNotFound(ref) }, input)]
}

/** An operation on a registered consumer. */
export async function onConsumer(
  kinesis: Pick<Kinesis, 'streams' | 'clock'>,
  name: string,
  { ref, name: consumerName }: ConsumerQuestion,
): Promise<readonly Access[]> {
  const stream = (await kinesis.streams.find(ref))?.stream
  const consumers = stream ? consumersOf(stream, kinesis.clock.now()) : []
  const resource = consumers.find((consumer) => consumer.consumerName === consumerName)
  const arn = resource ? consumerArnOf(ref, resource) : `${arnOf(ref)}/consumer/${consumerName}`
  return [accessTo(name, { ref, arn, resource, absent: consumerNotFound(ref, consumerName) })]
}

/**
 * An operation on whatever carries tags, by its ARN. It is judged under the one name that it has, for an ARN of another
 * partition finds it, too.
 */
export async function onResource(
  kinesis: Pick<Kinesis, 'streams' | 'clock' | 'metadata'>,
  name: string,
  input: Tagging & { readonly ResourceARN: string },
): Promise<readonly Access[]> {
  const { ResourceARN: given } = input
  if (parseChannelArn(given)) return await onChannel(kinesis, name, given, input)
  const consumer = parseConsumerArn(given)
  const ref = consumer?.stream ?? parseStreamArn(given)
  if (!ref) return onArn(name, given)
  const stream = (await kinesis.streams.find(ref))?.stream
  const consumers = stream && consumer ? consumersOf(stream, kinesis.clock.now()) : []
  const resource = consumer ? consumers.find((one) => isConsumer(one, consumer)) : stream
  const arn = consumer
    ? `${arnOf(ref)}/consumer/${consumer.consumerName}:${consumer.createdSeconds}`
    : arnOf(ref)
  const absent = stream && consumer ? consumerNotFound(ref, consumer.consumerName) : streamNotFound(ref)
  return [accessTo(name, { ref, arn, resource, absent }, input)]
}

/** An operation on a channel. */
export async function onChannel(
  kinesis: Pick<Kinesis, 'clock' | 'metadata'>,
  name: string,
  given: string,
  input: Tagging = {},
): Promise<readonly Access[]> {
  const ref = parseChannelArn(given)
  if (!ref) return onArn(name, given)
  const tags = (await foundOrNoChannel(kinesis, ref))?.channel.tags
  const target = {
    ref,
    arn: channelArnOf(ref, ref),
    resource: tags && { tags },
    absent: channelNotFound(given),
  }
  return [accessTo(name, target, input)]
}

/** The same on its policy, which only its own account may look at and change, whatever it says. */
export async function onPolicy(
  kinesis: Pick<Kinesis, 'streams' | 'clock' | 'metadata'>,
  name: string,
  input: { readonly ResourceARN: string },
  caller: Pick<Caller, 'account'>,
): Promise<readonly Access[]> {
  const accesses = await onResource(kinesis, name, input)
  return accesses.map((access) =>
    access.account === caller.account ? access : { ...access, policy: undefined },
  )
}

/** An operation on a stream whose policy and tags have no say in it, or on what is no resource at all. */
export function onArn(name: string, given: string, input: Tagging = {}): readonly Access[] {
  const ref = parseStreamArn(given)
  const arn = ref ? arnOf(ref) : given
  const account = ref?.account ?? given.split(':')[4] ?? ''
  return [{ action: `kinesis:${name}`, resource: arn, account, keys: tagRequestKeysOf(input) }]
}

/** An operation on no stream in particular. */
export const onAll =
  (name: string) =>
  (_kinesis: unknown, _input: unknown, { account }: Pick<Caller, 'account'>): readonly Access[] => [
    { action: `kinesis:${name}`, resource: '*', account },
  ]

interface Target {
  readonly ref: Pick<StreamRef, 'account'>
  readonly arn: string
  readonly resource:
    | { readonly tags: Readonly<Record<string, string>>; readonly policy?: string | undefined }
    | undefined
  /** What is answered where it is not there. */
  readonly absent: ServiceException
}

const accessTo = (name: string, { ref, arn, resource, absent }: Target, input: Tagging = {}): Access => ({
  action: `kinesis:${name}`,
  resource: arn,
  account: ref.account,
  policy: resource?.policy,
  ...(!resource && { absent }),
  keys: { ...tagKeysOf('aws:ResourceTag', resource?.tags), ...tagRequestKeysOf(input) },
})
