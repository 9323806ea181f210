import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertWantsActive, assertWantsStream } from './stream-refusals.ts'
import { StreamARN, StreamName, textsOf, withStream } from './with-stream.ts'

test('a shorter retention ends at once what is older; the present one changes nothing', async () => {
  const { call, clock, put, read, summary } = await withStream()
  await call('IncreaseStreamRetentionPeriod', { StreamName, RetentionPeriodHours: 72 })
  await put('old')
  await clock.advance(30 * 3_600_000)
  await put('new')
  assert.deepEqual(await call('DecreaseStreamRetentionPeriod', { StreamARN, RetentionPeriodHours: 72 }), {})
  assert.deepEqual(textsOf((await read()).Records), ['old', 'new'])
  await call('DecreaseStreamRetentionPeriod', { StreamName, RetentionPeriodHours: 24 })
  assert.equal((await summary()).RetentionPeriodHours, 24)
  assert.deepEqual(textsOf((await read()).Records), ['new'])
})

test('what DecreaseStreamRetentionPeriod cannot do it refuses', async () => {
  const RetentionPeriodHours = 24
  await assertWantsStream('DecreaseStreamRetentionPeriod', { RetentionPeriodHours })
  await assertWantsActive('DecreaseStreamRetentionPeriod', { StreamName, RetentionPeriodHours })
  const { refused } = await withStream()
  for (const [hours, message] of [
    [23, 'Minimum allowed retention period is 24 hours. Requested retention period (23 hours) is too short.'],
    [
      8_761,
      'Maximum allowed retention period is 8760 hours. Requested retention period (8761 hours) is too long.',
    ],
    [
      25,
      'Requested retention period (25 hours) for stream orders can not be longer than existing retention period ' +
        '(24 hours). Use IncreaseRetentionPeriod API.',
    ],
  ] as const)
    assert.deepEqual(
      await refused('DecreaseStreamRetentionPeriod', { StreamName, RetentionPeriodHours: hours }),
      {
        code: 'InvalidArgumentException',
        message,
      },
    )
})
