import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertWantsDeliveryStream } from './delivery-stream-refusals.ts'
import { createActive, createLab, destination, NAME } from './firehose-lab.ts'

const name = { DeliveryStreamName: NAME }

test('tags are listed in the order of their keys, by pages', async () => {
  const lab = await createLab()
  await createActive(lab, { ...destination(), Tags: [{ Key: 'c' }, { Key: 'b', Value: '2' }, { Key: 'a' }] })
  assert.deepEqual(await lab.call('ListTagsForDeliveryStream', { ...name, Limit: 2 }), {
    Tags: [
      { Key: 'a', Value: '' },
      { Key: 'b', Value: '2' },
    ],
    HasMoreTags: true,
  })
  assert.deepEqual(await lab.call('ListTagsForDeliveryStream', { ...name, ExclusiveStartTagKey: 'b' }), {
    Tags: [{ Key: 'c', Value: '' }],
    HasMoreTags: false,
  })
})

test('ListTagsForDeliveryStream wants a delivery stream, and lists fifty at most', async () => {
  await assertWantsDeliveryStream('ListTagsForDeliveryStream')
  const lab = await createLab()
  await assert.rejects(lab.call('ListTagsForDeliveryStream', { ...name, Limit: 51 }), {
    code: 'ValidationException',
    message:
      "1 validation error detected: Value '51' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 50",
  })
})
