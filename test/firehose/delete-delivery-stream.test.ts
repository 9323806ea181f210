import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertWantsActive, assertWantsDeliveryStream } from './delivery-stream-refusals.ts'
import { createActive, createLab, NAME } from './firehose-lab.ts'

test('a deleted delivery stream is DELETING, then gone, and its name is free again', async () => {
  const lab = await createLab()
  await createActive(lab)
  const name = { DeliveryStreamName: NAME }
  const statusOf = async () =>
    (
      await lab.call<{ DeliveryStreamDescription: { DeliveryStreamStatus: string } }>(
        'DescribeDeliveryStream',
        name,
      )
    ).DeliveryStreamDescription.DeliveryStreamStatus
  assert.deepEqual(await lab.call('DeleteDeliveryStream', name), {})
  assert.equal(await statusOf(), 'DELETING')
  assert.deepEqual(await lab.call('DeleteDeliveryStream', name), {})
  await lab.clock.advance(500)
  await assert.rejects(statusOf(), { code: 'ResourceNotFoundException' })
  await createActive(lab)
  assert.equal(await statusOf(), 'ACTIVE')
})

test('what is being created cannot be deleted, and what is not there neither', async () => {
  await assertWantsDeliveryStream('DeleteDeliveryStream')
  await assertWantsActive('DeleteDeliveryStream')
})
