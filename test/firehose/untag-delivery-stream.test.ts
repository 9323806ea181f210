import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertWantsActive, assertWantsDeliveryStream } from './delivery-stream-refusals.ts'
import { createActive, createLab, destination, NAME } from './firehose-lab.ts'

const name = { DeliveryStreamName: NAME }

test('tags are removed, and keys that are not there are ignored', async () => {
  const lab = await createLab()
  await createActive(lab, { ...destination(), Tags: [{ Key: 'a' }, { Key: 'b', Value: '2' }] })
  assert.deepEqual(await lab.call('UntagDeliveryStream', { ...name, TagKeys: ['a', 'never there'] }), {})
  assert.deepEqual((await lab.call('ListTagsForDeliveryStream', name)).Tags, [{ Key: 'b', Value: '2' }])
})

test('UntagDeliveryStream wants an ACTIVE delivery stream and keys', async () => {
  const TagKeys = ['a']
  await assertWantsDeliveryStream('UntagDeliveryStream', { TagKeys })
  await assertWantsActive('UntagDeliveryStream', { TagKeys })
  const lab = await createLab()
  await assert.rejects(lab.call('UntagDeliveryStream', { ...name, TagKeys: [] }), {
    code: 'ValidationException',
    message: /at 'tagKeys' failed to satisfy constraint: Member must have length greater than or equal to 1$/,
  })
})
