import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tellStream } from '../../../src/server/notifications/stream-target.ts'
import { boundKinesis, CALLER, iteratorOf } from '../../kinesis/bound-kinesis.ts'

const StreamName = 'landed'

test('a stream with room for a smaller event of a key alone does not get it before a larger one', async () => {
  const bound = boundKinesis({ limits: 'aws' })
  const { kinesis, call, clock } = bound
  await call('CreateStream', { StreamName, ShardCount: 1 })
  const { account, region } = CALLER
  const arn = `arn:aws:kinesis:${region}:${account}:stream/${StreamName}`
  const stream = { kind: 'stream', arn, account, region, streamName: StreamName } as const
  const message = (key: string, name: string, sizeBytes: number) => ({
    ...{ key, body: { name, more: 'x'.repeat(sizeBytes) } },
  })
  // Of the MiB of this second 500 bytes are left.
  await call('PutRecord', { StreamName, PartitionKey: 'p', Data: new Uint8Array(2 ** 20 - 501) })
  const messages = [message('k', 'put', 600), message('k', 'delete', 100), message('other', 'put', 100)]
  const [first, second, third] = await tellStream(kinesis, stream, messages)
  assert.match(first!, /^ProvisionedThroughputExceededException/)
  assert.equal(second, first)
  assert.equal(third, undefined)

  await clock.advance(1_000)
  assert.deepEqual(await tellStream(kinesis, stream, messages.slice(0, 2)), [undefined, undefined])
  const { Records } = await call('GetRecords', { ShardIterator: await iteratorOf(bound, StreamName) })
  const told = Records.slice(1).map(({ Data, PartitionKey }: { Data: Uint8Array; PartitionKey: string }) => [
    PartitionKey,
    JSON.parse(Buffer.from(Data).toString()).name,
  ])
  assert.deepEqual(told, [
    ['other', 'put'],
    ['k', 'put'],
    ['k', 'delete'],
  ])
})
