import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shardsWanted } from '../../../src/kinesis/limits/on-demand-shards.ts'
import { onDemandShardLimitOf } from '../../../src/kinesis/limits/quotas.ts'
import { ON_DEMAND, StreamName, withStream } from '../with-stream.ts'

test('an on-demand stream grows with the rate at which it is written to', async () => {
  const { call, clock, summary } = await withStream({}, ON_DEMAND)
  const mebibyte = Array.from({ length: 4 }, (_, index) => ({
    PartitionKey: 'a',
    ExplicitHashKey: String(2n ** 126n * BigInt(index)),
    Data: Buffer.alloc(2 ** 18 - 1),
  }))
  const put = () => call('PutRecords', { StreamName, Records: mebibyte })
  for (let second = 0; second < 3; second++) {
    await put()
    await put()
    await clock.advance(1_000)
  }
  assert.equal((await summary()).OpenShardCount, 4)
  await put()
  await put()
  await put()
  assert.equal((await summary()).OpenShardCount, 8)
  await clock.advance(1_000)
  await put()
  assert.equal((await summary()).OpenShardCount, 8)
})

test('an on-demand stream grows as far as AWS lets it in its region', () => {
  const rate = { records: 0, bytes: 2 ** 40 }
  assert.equal(shardsWanted(rate, 150, onDemandShardLimitOf('eu-west-2')), 200)
  assert.equal(shardsWanted(rate, 300, onDemandShardLimitOf('eu-west-2')), 300)
  assert.equal(shardsWanted(rate, 300, onDemandShardLimitOf('eu-west-1')), 600)
})
