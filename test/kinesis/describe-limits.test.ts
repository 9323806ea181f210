import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundKinesis, CALLER } from './bound-kinesis.ts'
import { ON_DEMAND, withStream } from './with-stream.ts'

test('limits and account settings are those of AWS', async () => {
  const { call } = await withStream({}, { ShardCount: 3 })
  await call('CreateStream', { StreamName: 'more', ...ON_DEMAND })
  assert.deepEqual(await call('DescribeLimits', {}), {
    ShardLimit: 20_000,
    OpenShardCount: 3,
    OnDemandStreamCount: 1,
    OnDemandStreamCountLimit: 50,
    ChannelCount: 0,
    ChannelCountLimit: 100,
  })
  const settings = async () => (await call('DescribeAccountSettings', {})).MinimumThroughputBillingCommitment
  assert.deepEqual(await settings(), { Status: 'DISABLED' })
  const update = (Status: string) =>
    call('UpdateAccountSettings', { MinimumThroughputBillingCommitment: { Status } })
  assert.equal((await update('ENABLED')).MinimumThroughputBillingCommitment.Status, 'ENABLED')
  assert.equal(
    (await update('DISABLED')).MinimumThroughputBillingCommitment.Status,
    'ENABLED_UNTIL_EARLIEST_ALLOWED_END',
  )
  assert.equal((await settings()).Status, 'ENABLED_UNTIL_EARLIEST_ALLOWED_END')
})

test('the limit of shards is that of the region', async () => {
  const { call } = boundKinesis()
  assert.equal((await call('DescribeLimits', {}, { ...CALLER, region: 'eu-west-2' })).ShardLimit, 6_000)
  assert.equal((await call('DescribeLimits', {}, { ...CALLER, region: 'us-east-1' })).ShardLimit, 20_000)
})
