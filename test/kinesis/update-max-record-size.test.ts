import assert from 'node:assert/strict'
import { test } from 'node:test'
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
