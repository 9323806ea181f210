import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertWantsDeliveryStream, assertWantsDirectPut } from './delivery-stream-refusals.ts'
import { createActive, createLab, NAME, textOf } from './firehose-lab.ts'

interface BatchOutput {
  readonly FailedPutCount: number
  readonly Encrypted: boolean
  readonly RequestResponses: { RecordId?: string; ErrorCode?: string; ErrorMessage?: string }[]
}

const batch = (...sizes: number[]) => ({
  DeliveryStreamName: NAME,
  Records: sizes.map((size) => ({ Data: new Uint8Array(size) })),
})

test('a batch answers one RecordId per record, and its records stay in order', async () => {
  const lab = await createLab()
  await lab.boot()
  await createActive(lab)
  const output = await lab.call<BatchOutput>('PutRecordBatch', {
    DeliveryStreamName: NAME,
    Records: ['a', 'b', 'c'].map((text) => ({ Data: Buffer.from(text) })),
  })
  assert.equal(output.FailedPutCount, 0)
  assert.equal(output.Encrypted, false)
  assert.equal(new Set(output.RequestResponses.map(({ RecordId }) => RecordId)).size, 3)
  await lab.clock.advance(300_000)
  assert.deepEqual(lab.bucket.list().map(textOf), ['abc'])
})

test('one record that is too large refuses the whole batch', async () => {
  const lab = await createLab()
  await createActive(lab)
  await assert.rejects(lab.call('PutRecordBatch', batch(1, 1_045_710)), {
    code: 'ValidationException',
    message:
      "1 validation error detected: Value 'java.nio.HeapByteBuffer[pos=0 lim=1045710 cap=1045710]' at 'records.2.member.data' failed to satisfy constraint: Member must have length less than or equal to 1024000",
  })
  await assert.rejects(lab.call('PutRecordBatch', batch(...Array(501).fill(1))), {
    code: 'ValidationException',
    message: /at 'records' failed to satisfy constraint: Member must have length less than or equal to 500$/,
  })
  await assert.rejects(lab.call('PutRecordBatch', batch(...Array(5).fill(1_000_000))), {
    code: 'InvalidArgumentException',
    message: 'Records size exceeds 4 MB limit',
  })
})

test('only an ACTIVE delivery stream for Direct PUT takes a batch', async () => {
  const { Records } = batch(1)
  await assertWantsDeliveryStream('PutRecordBatch', { Records })
  await assertWantsDirectPut(
    'PutRecordBatch',
    'This operation is not permitted on KinesisStreamAsSource delivery stream type.',
    { Records },
  )
})

test('over the quota of a second records are refused one by one', async () => {
  const lab = await createLab({ limits: 'aws' })
  await createActive(lab)
  await lab.call('PutRecordBatch', batch(...Array(4).fill(1_000_000)))
  const output = await lab.call<BatchOutput>('PutRecordBatch', batch(1_000_000, 1_000_000, 100))
  assert.equal(output.FailedPutCount, 1)
  assert.deepEqual(
    output.RequestResponses.map(({ ErrorCode, ErrorMessage }) => [ErrorCode, ErrorMessage]),
    [
      [undefined, undefined],
      ['ServiceUnavailableException', 'Slow down.'],
      [undefined, undefined],
    ],
  )
})
