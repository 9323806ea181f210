import { parseArn } from '../service/arn.ts'
import type { Admission } from '../service/operation.ts'
import { parseConsumerArn } from './consumers/consumer.ts'
import { channelNotFound } from './exceptions/channels.ts'
import { consumerNotFound, streamNotFound } from './exceptions/streams.ts'
import { parseStreamArn } from './stream-ref.ts'

/** The members that name what an operation works on. */
const ARNS = ['StreamARN', 'ConsumerARN', 'ResourceARN', 'ChannelARN'] as const

/**
 * A request reaches what is in its own region, whatever operation it is for: what an ARN names in another one is not there.
 * Throws ResourceNotFoundException.
 */
export function admitInRegion(
  _kinesis: unknown,
  { input, caller: { region } }: Pick<Admission, 'input' | 'caller'>,
): void {
  for (const member of ARNS) {
    const arn = input[member]
    const named = typeof arn === 'string' ? parseArn(arn) : undefined
    if (named && named.region !== region) throw notFoundHere(arn as string)
  }
}

function notFoundHere(arn: string) {
  const consumer = parseConsumerArn(arn)
  if (consumer) return consumerNotFound(consumer.stream, consumer.consumerName)
  const stream = parseStreamArn(arn)
  return stream ? streamNotFound(stream) : channelNotFound(arn)
}
