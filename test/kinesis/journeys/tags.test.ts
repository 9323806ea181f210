import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Answer } from '../bound-kinesis.ts'
import { StreamARN, StreamName, withStream } from '../with-stream.ts'

test('tags come and go by both families of operations, on streams and on consumers', async () => {
  const { call, refused } = await withStream()
  await call('AddTagsToStream', { StreamName, Tags: { b: '2', a: '1', c: '' } })
  await call('TagResource', { ResourceARN: StreamARN, Tags: { a: '3', d: '4' } })
  const first = await call('ListTagsForStream', { StreamARN, Limit: 2 })
  assert.deepEqual(first, {
    Tags: [
      { Key: 'a', Value: '3' },
      { Key: 'b', Value: '2' },
    ],
    HasMoreTags: true,
  })
  const rest = await call('ListTagsForStream', { StreamName, ExclusiveStartTagKey: 'b' })
  assert.deepEqual([rest.Tags.map(({ Key }: Answer) => Key), rest.HasMoreTags], [['c', 'd'], false])
  await call('RemoveTagsFromStream', { StreamName, TagKeys: ['a', 'nothing'] })
  await call('UntagResource', { ResourceARN: StreamARN, TagKeys: ['b'] })
  const { Tags } = await call('ListTagsForResource', { ResourceARN: StreamARN })
  assert.deepEqual(Tags, [
    { Key: 'c', Value: '' },
    { Key: 'd', Value: '4' },
  ])
  const { Consumer } = await call('RegisterStreamConsumer', {
    StreamARN,
    ConsumerName: 'app',
    Tags: { x: '1' },
  })
  const ResourceARN = Consumer.ConsumerARN
  await call('TagResource', { ResourceARN, Tags: { y: '2' } })
  assert.equal((await call('ListTagsForResource', { ResourceARN })).Tags.length, 2)
  await call('UntagResource', { ResourceARN, TagKeys: ['x'] })
  assert.deepEqual((await call('ListTagsForResource', { ResourceARN })).Tags, [{ Key: 'y', Value: '2' }])
  const many = Object.fromEntries(Array.from({ length: 49 }, (_, index) => [`t${index}`, '']))
  assert.match((await refused('AddTagsToStream', { StreamName, Tags: many })).message, /more than 50 tags/)
  assert.match(
    (await refused('TagResource', { ResourceARN, Tags: { '!': '' } })).message,
    /invalid characters/,
  )
  assert.match(
    (await refused('RemoveTagsFromStream', { StreamName, TagKeys: ['a', 'b;'] })).message,
    /invalid characters/,
  )
  const other = `${StreamARN}/consumer/other:1`
  assert.equal(
    (await refused('ListTagsForResource', { ResourceARN: other })).code,
    'ResourceNotFoundException',
  )
})
