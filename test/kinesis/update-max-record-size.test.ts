import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertWantsActive, assertWantsStreamArn } from './stream-refusals.ts'
import { StreamARN, StreamName, withStream } from './with-stream.ts'

test('a change makes the stream UPDATING, in which it takes records and no further change', async () => {
  const { call, clock, summary, put, refused } = await withStream({ stateDelayMs: 500 })
  await call('IncreaseStreamRetentionPeriod', { StreamName, RetentionPeriodHours: 48 })
  assert.equal((await summary()).StreamStatus, 'UPDATING')
  await put('x')
  const again = await refused('UpdateMaxRecordSize', { StreamARN, MaxRecordSizeInKiB: 2_048 })
  assert.equal(again.code, 'ResourceInUseException')
  await clock.advance(500)
  await call('UpdateMaxRecordSize', { StreamARN, MaxRecordSizeInKiB: 2_048 })
  await clock.advance(500)
  assert.equal((await summary()).MaxRecordSizeInKiB, 2_048)
  await put('x'.repeat(2 * 2 ** 20 - 1))
})

test('UpdateMaxRecordSize wants a stream that is ACTIVE, and from one to ten mebibytes', async () => {
  await assertWantsStreamArn('UpdateMaxRecordSize', { MaxRecordSizeInKiB: 2_048 })
  await assertWantsActive('UpdateMaxRecordSize', { StreamARN, MaxRecordSizeInKiB: 2_048 })
  const { refused } = await withStream()
  for (const [MaxRecordSizeInKiB, bound] of [
    [1_023, 'greater than or equal to 1024'],
    [10_241, 'less than or equal to 10240'],
  ] as const)
    assert.deepEqual(await refused('UpdateMaxRecordSize', { StreamARN, MaxRecordSizeInKiB }), {
      code: 'ValidationException',
      message:
        `1 validation error detected: Value '${MaxRecordSizeInKiB}' at 'maxRecordSizeInKiB' failed to satisfy ` +
        `constraint: Member must have value ${bound}`,
    })
})
