import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createActive, createLab, destination, NAME } from './firehose-lab.ts'

test('names are listed in order, by pages and by type', async () => {
  const lab = await createLab()
  for (let index = 0; index < 12; index++)
    await lab.call('CreateDeliveryStream', {
      DeliveryStreamName: `s-${String(index).padStart(2, '0')}`,
      ...destination(),
    })
  await createActive(lab)
  const first = await lab.call<{ DeliveryStreamNames: string[] }>('ListDeliveryStreams', {})
  assert.equal(first.DeliveryStreamNames.length, 10)
  assert.deepEqual(
    await lab.call('ListDeliveryStreams', {
      ExclusiveStartDeliveryStreamName: first.DeliveryStreamNames.at(-1),
    }),
    { DeliveryStreamNames: ['s-10', 's-11', NAME], HasMoreDeliveryStreams: false },
  )
  assert.deepEqual(await lab.call('ListDeliveryStreams', { DeliveryStreamType: 'KinesisStreamAsSource' }), {
    DeliveryStreamNames: [],
    HasMoreDeliveryStreams: false,
  })
})

test('a limit and a type that there cannot be are refused together', async () => {
  const lab = await createLab()
  await assert.rejects(lab.call('ListDeliveryStreams', { Limit: 0, DeliveryStreamType: 'Queue' }), {
    code: 'ValidationException',
    message:
      "2 validation errors detected: Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1; " +
      "Value 'Queue' at 'deliveryStreamType' failed to satisfy constraint: Member must satisfy enum value set: [DirectPut, KinesisStreamAsSource, MSKAsSource, DatabaseAsSource]",
  })
})
