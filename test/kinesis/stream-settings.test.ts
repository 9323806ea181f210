import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noMeters } from '../../src/metrics/meters.ts'
import { type Answer, bytes, iteratorOf } from './bound-kinesis.ts'
import { ON_DEMAND, StreamARN, StreamName, withStream } from './with-stream.ts'

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

test('tags come and go by both families of operations, on streams and on consumers', async () => {
  const { call, refused } = await withStream()
  await call('AddTagsToStream', { StreamName, Tags: { b: '2', a: '1', c: '' } })
  await call('TagResource', { ResourceARN: StreamARN, Tags: { a: '3', d: '4' } })
  const first = await call('ListTagsForStream', { StreamARN, Limit: 2 })
  assert.deepEqual(first, {
    Tags: [
      { Key: 'a', Value: '3' },
      { Key: 'b', Value: '2' },
    ],
    HasMoreTags: true,
  })
  const rest = await call('ListTagsForStream', { StreamName, ExclusiveStartTagKey: 'b' })
  assert.deepEqual([rest.Tags.map(({ Key }: Answer) => Key), rest.HasMoreTags], [['c', 'd'], false])
  await call('RemoveTagsFromStream', { StreamName, TagKeys: ['a', 'nothing'] })
  await call('UntagResource', { ResourceARN: StreamARN, TagKeys: ['b'] })
  const { Tags } = await call('ListTagsForResource', { ResourceARN: StreamARN })
  assert.deepEqual(Tags, [
    { Key: 'c', Value: '' },
    { Key: 'd', Value: '4' },
  ])
  const { Consumer } = await call('RegisterStreamConsumer', {
    StreamARN,
    ConsumerName: 'app',
    Tags: { x: '1' },
  })
  const ResourceARN = Consumer.ConsumerARN
  await call('TagResource', { ResourceARN, Tags: { y: '2' } })
  assert.equal((await call('ListTagsForResource', { ResourceARN })).Tags.length, 2)
  await call('UntagResource', { ResourceARN, TagKeys: ['x'] })
  assert.deepEqual((await call('ListTagsForResource', { ResourceARN })).Tags, [{ Key: 'y', Value: '2' }])
  const many = Object.fromEntries(Array.from({ length: 49 }, (_, index) => [`t${index}`, '']))
  assert.match((await refused('AddTagsToStream', { StreamName, Tags: many })).message, /more than 50 tags/)
  assert.match(
    (await refused('TagResource', { ResourceARN, Tags: { '!': '' } })).message,
    /invalid characters/,
  )
  assert.match(
    (await refused('RemoveTagsFromStream', { StreamName, TagKeys: ['a', 'b;'] })).message,
    /invalid characters/,
  )
  const other = `${StreamARN}/consumer/other:1`
  assert.equal(
    (await refused('ListTagsForResource', { ResourceARN: other })).code,
    'ResourceNotFoundException',
  )
})

test('a policy is stored for a stream or a consumer, and checked for its form', async () => {
  const { call, refused } = await withStream()
  const { Consumer } = await call('RegisterStreamConsumer', { StreamARN, ConsumerName: 'app' })
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [] })
  for (const ResourceARN of [StreamARN, Consumer.ConsumerARN]) {
    assert.deepEqual(await call('GetResourcePolicy', { ResourceARN }), { Policy: '{}' })
    assert.equal((await refused('DeleteResourcePolicy', { ResourceARN })).code, 'ResourceNotFoundException')
    await call('PutResourcePolicy', { ResourceARN, Policy })
    assert.deepEqual(await call('GetResourcePolicy', { ResourceARN }), { Policy })
    await call('DeleteResourcePolicy', { ResourceARN })
    assert.deepEqual(await call('GetResourcePolicy', { ResourceARN }), { Policy: '{}' })
    for (const wrong of ['', '{', '[]', '{}'])
      assert.match((await refused('PutResourcePolicy', { ResourceARN, Policy: wrong })).message, /malformed/)
  }
})

test('a consumer that is not ACTIVE takes no policy', async () => {
  const { call, clock, refused } = await withStream({ stateDelayMs: 500 })
  const { Consumer } = await call('RegisterStreamConsumer', { StreamARN, ConsumerName: 'app' })
  const policy = { ResourceARN: Consumer.ConsumerARN, Policy: JSON.stringify({ Statement: [] }) }
  const { code, message } = await refused('PutResourcePolicy', policy)
  assert.equal(code, 'ResourceInUseException')
  assert.match(
    message,
    /^Consumer app with creation timestamp \d+ under stream orders and account .* not in ACTIVE/,
  )
  await clock.advance(500)
  await call('PutResourcePolicy', policy)
})

test('shard-level metrics are enabled and disabled, one by one or all, and then counted', async () => {
  const counted: string[] = []
  const meters = {
    ...noMeters,
    count: (_: string, name: string, { ShardId }: Record<string, string>) => {
      if (ShardId) counted.push(name)
    },
  }
  const { call, summary, put } = await withStream({ meters })
  await put('x')
  assert.deepEqual(counted, [])
  const first = await call('EnableEnhancedMonitoring', {
    StreamName,
    ShardLevelMetrics: ['OutgoingBytes', 'IncomingBytes'],
  })
  assert.deepEqual(
    [first.CurrentShardLevelMetrics, first.DesiredShardLevelMetrics],
    [[], ['IncomingBytes', 'OutgoingBytes']],
  )
  await put('x')
  await call('GetRecords', { ShardIterator: await iteratorOf({ call }, StreamName) })
  assert.deepEqual(counted, ['IncomingBytes', 'OutgoingBytes'])
  await call('EnableEnhancedMonitoring', { StreamARN, ShardLevelMetrics: ['ALL'] })
  assert.equal((await summary()).EnhancedMonitoring[0].ShardLevelMetrics.length, 7)
  await call('DisableEnhancedMonitoring', { StreamName, ShardLevelMetrics: ['IncomingBytes'] })
  const last = await call('DisableEnhancedMonitoring', { StreamName, ShardLevelMetrics: ['ALL'] })
  assert.deepEqual([last.CurrentShardLevelMetrics.length, last.DesiredShardLevelMetrics], [6, []])
})

test('records are stored encrypted from StartStreamEncryption on, and read as they were put', async () => {
  const { call, summary, put, refused, plainLogs, metadata, kinesis } = await withStream()
  const KeyId = 'alias/aws/kinesis'
  const stored = async () => {
    const found = await kinesis.streams.get({
      account: '123456789012',
      region: 'eu-west-1',
      streamName: StreamName,
    })
    const { entries } = await plainLogs.read({ group: found.group, log: 'shardId-000000000000' }, 0, {
      entries: 9,
      bytes: 9_999,
    })
    return entries.map(({ data }) => Buffer.from(data).includes('secret'))
  }
  const plain = await put('secret1')
  assert.equal(plain.EncryptionType, undefined)
  assert.match(
    (await refused('StartStreamEncryption', { StreamName, EncryptionType: 'NONE', KeyId })).message,
    /KMS/,
  )
  assert.match(
    (await refused('StartStreamEncryption', { StreamName, EncryptionType: 'KMS', KeyId: 'a b' })).message,
    /KeyId/,
  )
  await call('StartStreamEncryption', { StreamName, EncryptionType: 'KMS', KeyId })
  const { EncryptionType, KeyId: shown } = await summary()
  assert.deepEqual([EncryptionType, shown], ['KMS', KeyId])
  assert.equal((await put('secret2', { PartitionKey: 'secret-key' })).EncryptionType, 'KMS')
  const batch = await call('PutRecords', {
    StreamName,
    Records: [{ PartitionKey: 'a', Data: bytes('secret3') }],
  })
  assert.equal(batch.EncryptionType, 'KMS')
  await call('StopStreamEncryption', { StreamName, EncryptionType: 'KMS', KeyId })
  assert.equal((await summary()).EncryptionType, 'NONE')
  await put('secret4')
  assert.deepEqual(await stored(), [true, false, false, true])
  const { Records } = await call('GetRecords', { ShardIterator: await iteratorOf({ call }, StreamName) })
  assert.deepEqual(
    Records.map(({ Data, EncryptionType }: Answer) => [Buffer.from(Data).toString(), EncryptionType]),
    [
      ['secret1', undefined],
      ['secret2', 'KMS'],
      ['secret3', 'KMS'],
      ['secret4', undefined],
    ],
  )
  assert.equal(Records[1].PartitionKey, 'secret-key')
  assert.equal((await metadata.list({ prefix: 'log-key/' })).length, 1)
  await call('DeleteStream', { StreamName })
  assert.equal((await refused('DescribeStreamSummary', { StreamName })).code, 'ResourceNotFoundException')
  await call('CreateStream', { StreamName, ShardCount: 1 })
  assert.deepEqual(await metadata.list({ prefix: 'log-key/' }), [])
})

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
