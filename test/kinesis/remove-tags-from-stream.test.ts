import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertWantsStream } from './stream-refusals.ts'
import { StreamARN, StreamName, withStream } from './with-stream.ts'

test('tags are removed by their keys; a key that no tag has is none to complain of', async () => {
  const { call } = await withStream({}, { ShardCount: 1, Tags: { a: '1', b: '2', c: '3' } })
  assert.deepEqual(await call('RemoveTagsFromStream', { StreamARN, TagKeys: ['a', 'c', 'nothing'] }), {})
  assert.deepEqual((await call('ListTagsForStream', { StreamName })).Tags, [{ Key: 'b', Value: '2' }])
})

test('RemoveTagsFromStream wants a stream, and keys that tags can have', async () => {
  await assertWantsStream('RemoveTagsFromStream', { TagKeys: ['a'] })
  const { refused } = await withStream()
  assert.deepEqual(await refused('RemoveTagsFromStream', { StreamName, TagKeys: ['a', 'b;'] }), {
    code: 'InvalidArgumentException',
    message:
      'Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, _ . / = + - % @.',
  })
  assert.match(
    (await refused('RemoveTagsFromStream', { StreamName, TagKeys: [] })).message,
    /at 'tagKeys' failed to satisfy constraint: Member must have length greater than or equal to 1$/,
  )
})
