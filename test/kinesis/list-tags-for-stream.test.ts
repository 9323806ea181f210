import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertWantsStream } from './stream-refusals.ts'
import { StreamARN, StreamName, withStream } from './with-stream.ts'

test('tags are listed by key, page by page', async () => {
  const { call } = await withStream({}, { ShardCount: 1, Tags: { c: '3', a: '1', b: '2' } })
  assert.deepEqual(await call('ListTagsForStream', { StreamName, Limit: 2 }), {
    Tags: [
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '2' },
    ],
    HasMoreTags: true,
  })
  const rest = { StreamARN, ExclusiveStartTagKey: 'b' }
  assert.deepEqual(await call('ListTagsForStream', rest), {
    Tags: [{ Key: 'c', Value: '3' }],
    HasMoreTags: false,
  })
})

test('ListTagsForStream wants a stream, and lists fifty tags at most', async () => {
  await assertWantsStream('ListTagsForStream')
  const { refused } = await withStream()
  assert.deepEqual(await refused('ListTagsForStream', { StreamName, Limit: 51 }), {
    code: 'ValidationException',
    message:
      "1 validation error detected: Value '51' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 50",
  })
})
