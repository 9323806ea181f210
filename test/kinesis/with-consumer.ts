import type { TestContext } from 'node:test'
import { type Answer, boundKinesis, bytes, CALLER } from './bound-kinesis.ts'
import { SHARD, StreamARN, StreamName } from './with-stream.ts'

/** A stream of one shard with a registered consumer. */
export async function withConsumer(test: TestContext, options: Parameters<typeof boundKinesis>[0] = {}) {
  const bound = boundKinesis(options)
  const { call } = bound
  await call('CreateStream', { StreamName, ShardCount: 1 })
  await bound.clock.advance(1_000)
  const { Consumer } = await call('RegisterStreamConsumer', { StreamARN, ConsumerName: 'app' })
  await bound.clock.advance(1_000)
  const question = (more: object = {}) => ({
    ConsumerARN: Consumer.ConsumerARN,
    ShardId: SHARD,
    StartingPosition: { Type: 'LATEST' },
    ...more,
  })
  /** The events one by one, without their wrapper. */
  const subscribe = async (more: object = {}, from: Pick<typeof bound, 'call'> = bound) => {
    const client = new AbortController()
    test.after(() => client.abort())
    const answer = await from.call('SubscribeToShard', question(more), {
      ...CALLER,
      signal: () => client.signal,
    })
    const events: AsyncIterator<Answer> = answer.EventStream[Symbol.asyncIterator]()
    const next = async () => (await events.next()).value?.SubscribeToShardEvent
    return { next, leave: () => client.abort() }
  }
  const put = (text: string, more: object = {}) =>
    call('PutRecord', { StreamName, PartitionKey: 'a', Data: bytes(text), ...more })
  return { ...bound, Consumer, question, subscribe, put }
}

/** A stream of one shard that is ACTIVE, and how consumers are registered to it. */
export async function withRegister(options: Parameters<typeof boundKinesis>[0] = {}) {
  const bound = boundKinesis(options)
  await bound.call('CreateStream', { StreamName, ShardCount: 1 })
  await bound.clock.advance(1_000)
  const register = (ConsumerName: string) => bound.call('RegisterStreamConsumer', { StreamARN, ConsumerName })
  return { ...bound, register }
}
