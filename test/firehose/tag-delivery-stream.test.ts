import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertWantsActive, assertWantsDeliveryStream } from './delivery-stream-refusals.ts'
import { createActive, createLab, destination, NAME } from './firehose-lab.ts'

const name = { DeliveryStreamName: NAME }

test('tags are added, and replace those of the same key', async () => {
  const lab = await createLab()
  await createActive(lab, { ...destination(), Tags: [{ Key: 'b', Value: '1' }] })
  const Tags = [{ Key: 'a' }, { Key: 'b', Value: '2' }]
  assert.deepEqual(await lab.call('TagDeliveryStream', { ...name, Tags }), {})
  assert.deepEqual((await lab.call('ListTagsForDeliveryStream', name)).Tags, [
    { Key: 'a', Value: '' },
    { Key: 'b', Value: '2' },
  ])
})

test('a delivery stream has fifty tags at most, none of them of AWS', async () => {
  const lab = await createLab()
  await createActive(lab, { ...destination(), Tags: [{ Key: 'one' }] })
  const many = Array.from({ length: 50 }, (_, index) => ({ Key: `many-${index}` }))
  await assert.rejects(lab.call('TagDeliveryStream', { ...name, Tags: many }), {
    code: 'LimitExceededException',
    message: `Firehose ${NAME} cannot have more than 50 tags`,
  })
  await assert.rejects(lab.call('TagDeliveryStream', { ...name, Tags: [{ Key: 'aws:mine' }] }), {
    code: 'ValidationException',
    message:
      /at 'tags\.1\.member\.key' failed to satisfy constraint: Member must satisfy regular expression pattern/,
  })
})

test('TagDeliveryStream wants an ACTIVE delivery stream and tags', async () => {
  const Tags = [{ Key: 'a' }]
  await assertWantsDeliveryStream('TagDeliveryStream', { Tags })
  await assertWantsActive('TagDeliveryStream', { Tags })
  const lab = await createLab()
  await assert.rejects(lab.call('TagDeliveryStream', name), {
    code: 'ValidationException',
    message:
      "1 validation error detected: Value null at 'tags' failed to satisfy constraint: Member must not be null",
  })
})
