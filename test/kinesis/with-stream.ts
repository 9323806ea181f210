import { type Answer, boundKinesis, bytes, CALLER, iteratorOf } from './bound-kinesis.ts'

export const StreamName = 'orders'
export const StreamARN = 'arn:aws:kinesis:eu-west-1:123456789012:stream/orders'
export const REF = { account: CALLER.account, region: CALLER.region, streamName: StreamName }
export const SHARD = 'shardId-000000000000'
export const ON_DEMAND = { StreamModeDetails: { StreamMode: 'ON_DEMAND' } }

/** Kinesis with one stream, ACTIVE, of one shard unless its creation says otherwise. */
export async function withStream(
  options: Parameters<typeof boundKinesis>[0] = {},
  creation: object = { ShardCount: 1 },
) {
  const bound = boundKinesis(options)
  const { call, clock } = bound
  await call('CreateStream', { StreamName, ...creation })
  await clock.advance(options.stateDelayMs ?? 0)
  const summary = async (): Promise<Answer> =>
    (await call('DescribeStreamSummary', { StreamName })).StreamDescriptionSummary
  const put = (text: string, more: object = {}) =>
    call('PutRecord', { StreamName, PartitionKey: 'a', Data: bytes(text), ...more })
  /** What shard 0 gives from a place on, by default from its beginning. */
  const read = async (place?: object, more: object = {}) =>
    call('GetRecords', { ShardIterator: await iteratorOf(bound, StreamName, place), ...more })
  return { ...bound, summary, put, read }
}

export const textsOf = (records: readonly Answer[]): string[] =>
  records.map(({ Data }) => Buffer.from(Data).toString())
