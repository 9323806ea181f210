import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Answer, bytes, iteratorOf } from './bound-kinesis.ts'
import { assertWantsActive, assertWantsStream } from './stream-refusals.ts'
import { StreamName, withStream } from './with-stream.ts'

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

test('StartStreamEncryption wants a stream that is ACTIVE, and a KMS key', async () => {
  const key = { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' }
  await assertWantsStream('StartStreamEncryption', key)
  await assertWantsActive('StartStreamEncryption', { StreamName, ...key })
  const { refused } = await withStream()
  for (const [wrong, message] of [
    [{ EncryptionType: 'NONE' }, 'EncryptionType must be KMS.'],
    [{ KeyId: 'a b' }, 'KeyId a b is not an ID, ARN or alias of a KMS key.'],
  ] as const)
    assert.deepEqual(await refused('StartStreamEncryption', { StreamName, ...key, ...wrong }), {
      code: 'InvalidArgumentException',
      message,
    })
})
