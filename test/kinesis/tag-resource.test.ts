import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withStreams } from './channel-requests.ts'
import { StreamARN, withStream } from './with-stream.ts'

test("a channel's tags are changed and listed like those of streams; it has no policy", async () => {
  const { createChannel, call, refused } = await withStreams()
  const { ChannelARN: ResourceARN } = await createChannel({ Tags: { team: 'data', stage: '' } })
  await call('TagResource', { ResourceARN, Tags: { cost: '7' } })
  await call('UntagResource', { ResourceARN, TagKeys: ['stage'] })
  assert.deepEqual((await call('ListTagsForResource', { ResourceARN })).Tags, [
    { Key: 'cost', Value: '7' },
    { Key: 'team', Value: 'data' },
  ])
  const Tags = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`key${index}`, '']))
  assert.equal((await refused('TagResource', { ResourceARN, Tags })).code, 'InvalidArgumentException')
  assert.equal((await refused('GetResourcePolicy', { ResourceARN })).code, 'ValidationException')
})

test('a stream and a consumer are tagged, in the place of what was there', async () => {
  const { call } = await withStream({}, { ShardCount: 1, Tags: { a: '1' } })
  const { Consumer } = await call('RegisterStreamConsumer', {
    StreamARN,
    ConsumerName: 'app',
    Tags: { a: '1' },
  })
  for (const ResourceARN of [StreamARN, Consumer.ConsumerARN]) {
    assert.deepEqual(await call('TagResource', { ResourceARN, Tags: { a: '2', b: '3' } }), {})
    assert.deepEqual((await call('ListTagsForResource', { ResourceARN })).Tags, [
      { Key: 'a', Value: '2' },
      { Key: 'b', Value: '3' },
    ])
  }
})

test('TagResource wants a resource that is there, and tags that AWS takes', async () => {
  const { refused } = await withStream()
  const many = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`tag${index}`, '']))
  assert.deepEqual(await refused('TagResource', { ResourceARN: StreamARN, Tags: many }), {
    code: 'InvalidArgumentException',
    message:
      'Failed to add tags to stream orders under account 123456789012 because a given stream cannot have more than 50 ' +
      'tags associated with it.',
  })
  assert.deepEqual(await refused('TagResource', { ResourceARN: StreamARN, Tags: { 'a!': '' } }), {
    code: 'InvalidArgumentException',
    message:
      'Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, _ . / = + - % @.',
  })
  const nobody = { ResourceARN: `${StreamARN}/consumer/nobody:1`, Tags: { a: '' } }
  assert.deepEqual(await refused('TagResource', nobody), {
    code: 'ResourceNotFoundException',
    message: 'Consumer nobody, account 123456789012 not found.',
  })
})
