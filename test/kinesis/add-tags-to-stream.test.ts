import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertWantsStream } from './stream-refusals.ts'
import { StreamName, withStream } from './with-stream.ts'

test('tags are added, and replace those of the same key', async () => {
  const { call } = await withStream({}, { ShardCount: 1, Tags: { a: '1', b: '2' } })
  assert.deepEqual(await call('AddTagsToStream', { StreamName, Tags: { b: '3', c: '' } }), {})
  assert.deepEqual((await call('ListTagsForStream', { StreamName })).Tags, [
    { Key: 'a', Value: '1' },
    { Key: 'b', Value: '3' },
    { Key: 'c', Value: '' },
  ])
})

test('a stream has fifty tags at most, of characters that AWS takes', async () => {
  const { call, refused } = await withStream()
  const tags = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`tag${index}`, '']))
  await call('AddTagsToStream', { StreamName, Tags: tags(50) })
  assert.deepEqual(await refused('AddTagsToStream', { StreamName, Tags: { one: 'more' } }), {
    code: 'InvalidArgumentException',
    message:
      'Failed to add tags to stream orders under account 123456789012 because a given stream cannot have more than 50 ' +
      'tags associated with it.',
  })
  for (const Tags of [{ 'a!': '' }, { a: 'b<c' }])
    assert.deepEqual(await refused('AddTagsToStream', { StreamName, Tags }), {
      code: 'InvalidArgumentException',
      message:
        'Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, _ . / = + - % @.',
    })
})

test('AddTagsToStream wants a stream and tags', async () => {
  await assertWantsStream('AddTagsToStream', { Tags: { a: '1' } })
  const { refused } = await withStream()
  assert.deepEqual(await refused('AddTagsToStream', { StreamName }), {
    code: 'ValidationException',
    message:
      "1 validation error detected: Value null at 'tags' failed to satisfy constraint: Member must not be null",
  })
})
