import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundKinesis, CALLER, NOW } from './bound-kinesis.ts'

test('an account has committed itself to nothing until it does, each region for itself', async () => {
  const { call, clock } = boundKinesis()
  assert.deepEqual(await call('DescribeAccountSettings', {}), {
    MinimumThroughputBillingCommitment: { Status: 'DISABLED' },
  })
  await call('UpdateAccountSettings', { MinimumThroughputBillingCommitment: { Status: 'ENABLED' } })
  await clock.advance(5)
  assert.deepEqual(await call('DescribeAccountSettings', {}), {
    MinimumThroughputBillingCommitment: {
      Status: 'ENABLED',
      StartedAt: NOW,
      EarliestAllowedEndAt: NOW + 24 * 3_600_000,
    },
  })
  assert.deepEqual(await call('DescribeAccountSettings', {}, { ...CALLER, region: 'eu-west-2' }), {
    MinimumThroughputBillingCommitment: { Status: 'DISABLED' },
  })
})

test('a commitment that was given up is DISABLED once its day is over', async () => {
  const { call, clock } = boundKinesis()
  for (const Status of ['ENABLED', 'DISABLED'])
    await call('UpdateAccountSettings', { MinimumThroughputBillingCommitment: { Status } })
  await clock.advance(24 * 3_600_000)
  assert.deepEqual(await call('DescribeAccountSettings', {}), {
    MinimumThroughputBillingCommitment: {
      Status: 'DISABLED',
      StartedAt: NOW,
      EndedAt: NOW + 24 * 3_600_000,
    },
  })
})
