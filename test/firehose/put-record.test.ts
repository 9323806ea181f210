import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertWantsDeliveryStream, assertWantsDirectPut } from './delivery-stream-refusals.ts'
import { ACCOUNT, createActive, createLab, destination, NAME, textOf } from './firehose-lab.ts'

test('a record is answered with its RecordId, and delivered', async () => {
  const lab = await createLab()
  await lab.boot()
  await createActive(lab)
  const input = { DeliveryStreamName: NAME, Record: { Data: Buffer.from('hello') } }
  const { RecordId, Encrypted } = await lab.call('PutRecord', input)
  assert.match(String(RecordId), /^[A-Za-z0-9+/]{100,}=*$/)
  assert.equal(Encrypted, false)
  await lab.clock.advance(300_000)
  assert.deepEqual(lab.bucket.list().map(textOf), ['hello'])
})

test('a record that is missing or too large is refused', async () => {
  const lab = await createLab()
  await createActive(lab)
  await assert.rejects(lab.call('PutRecord', { DeliveryStreamName: NAME }), {
    code: 'ValidationException',
    message:
      "1 validation error detected: Value null at 'record' failed to satisfy constraint: Member must not be null",
  })
  const Record = { Data: new Uint8Array(1_024_001) }
  await assert.rejects(lab.call('PutRecord', { DeliveryStreamName: NAME, Record }), {
    code: 'ValidationException',
    message:
      /at 'record.data' failed to satisfy constraint: Member must have length less than or equal to 1024000$/,
  })
})

test('only an ACTIVE delivery stream for Direct PUT takes a record', async () => {
  const Record = { Data: new Uint8Array(1) }
  await assertWantsDeliveryStream('PutRecord', { Record })
  await assertWantsDirectPut(
    'PutRecord',
    'This operation is not permitted on KinesisStreamAsSource delivery stream type.',
    { Record },
  )
  const lab = await createLab()
  await lab.call('CreateDeliveryStream', { DeliveryStreamName: NAME, ...destination() })
  await assert.rejects(lab.put('early'), {
    code: 'ResourceNotFoundException',
    message: `Firehose ${NAME} under account ${ACCOUNT} not found.`,
  })
})

test('over the quota of a second a record is refused with 503', async () => {
  const lab = await createLab({ limits: 'aws' })
  await createActive(lab)
  for (let record = 0; record < 5; record++) await lab.put('x'.repeat(1_000_000))
  await assert.rejects(lab.put('x'.repeat(1_000_000)), {
    code: 'ServiceUnavailableException',
    message: 'Slow down.',
    status: 503,
  })
  await lab.clock.advance(1000)
  await lab.put('x'.repeat(1_000_000))
})
