import assert from 'node:assert/strict'
import { test } from 'node:test'
import { commitmentAfter, describedCommitment } from '../../src/kinesis/limits/commitment.ts'
import { boundKinesis, NOW } from './bound-kinesis.ts'

const HOUR_MS = 3_600_000

test('a commitment lasts for a day at least', () => {
  const enabled = commitmentAfter(undefined, true, NOW)
  assert.equal(commitmentAfter(enabled, true, NOW + 5)?.startedAt, NOW)
  const ending = commitmentAfter(enabled, false, NOW + 1)
  assert.equal(
    describedCommitment(ending, NOW + 24 * HOUR_MS - 1).Status,
    'ENABLED_UNTIL_EARLIEST_ALLOWED_END',
  )
  assert.deepEqual(describedCommitment(ending, NOW + 24 * HOUR_MS), {
    Status: 'DISABLED',
    StartedAt: NOW,
    EndedAt: NOW + 24 * HOUR_MS,
  })
  assert.equal(commitmentAfter(ending, true, NOW + 25 * HOUR_MS)?.startedAt, NOW + 25 * HOUR_MS)
  assert.equal(commitmentAfter(undefined, false, NOW), undefined)
})

test('the answer says what holds from now on', async () => {
  const { call } = boundKinesis()
  const update = async (Status: string) =>
    (await call('UpdateAccountSettings', { MinimumThroughputBillingCommitment: { Status } }))
      .MinimumThroughputBillingCommitment
  assert.deepEqual(await update('DISABLED'), { Status: 'DISABLED' })
  const times = { StartedAt: NOW, EarliestAllowedEndAt: NOW + 24 * HOUR_MS }
  assert.deepEqual(await update('ENABLED'), { Status: 'ENABLED', ...times })
  assert.deepEqual(await update('DISABLED'), { Status: 'ENABLED_UNTIL_EARLIEST_ALLOWED_END', ...times })
})

test('UpdateAccountSettings wants a status that AWS knows', async () => {
  const { refused } = boundKinesis()
  assert.deepEqual(await refused('UpdateAccountSettings', {}), {
    code: 'ValidationException',
    message:
      "1 validation error detected: Value null at 'minimumThroughputBillingCommitment' failed to satisfy constraint: Member must not be null",
  })
  const maybe = { MinimumThroughputBillingCommitment: { Status: 'MAYBE' } }
  assert.match(
    (await refused('UpdateAccountSettings', maybe)).message,
    /Member must satisfy enum value set: \[ENABLED, DISABLED\]$/,
  )
})
