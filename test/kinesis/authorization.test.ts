import assert from 'node:assert/strict'
import { test } from 'node:test'
import { kinesisService } from '../../src/kinesis/service.ts'
import { allow, deny, OTHER_ACCOUNT, policyOf, usersOf } from '../auth/users.ts'
import { callerOf } from '../caller.ts'
import { bytes, iteratorOf } from './bound-kinesis.ts'
import { StreamARN, StreamName, withStream } from './with-stream.ts'

const RECORD = { PartitionKey: 'a', Data: bytes('x') }
const refusal = (who: string, action: string, resource: string, why: string) => ({
  code: 'AccessDeniedException',
  message: `User: arn:aws:iam::${who} is not authorized to perform: ${action} on resource: ${resource} ${why}`,
})

test('a user does what their policies allow, and hears in AWS words what they do not', async () => {
  const { authority, user } = usersOf()
  const { call, refused } = await withStream({ authority })
  const anna = user('anna', [allow('kinesis:Put*', StreamARN), deny('kinesis:PutRecords', StreamARN)])
  await call('PutRecord', { StreamName, ...RECORD }, anna)
  await call('PutRecord', { StreamARN, ...RECORD }, anna)
  assert.deepEqual(
    await refused('DescribeStreamSummary', { StreamName }, anna),
    refusal(
      '123456789012:user/anna',
      'kinesis:DescribeStreamSummary',
      StreamARN,
      'because no identity-based policy allows the kinesis:DescribeStreamSummary action',
    ),
  )
  assert.deepEqual(
    await refused('PutRecords', { StreamName, Records: [RECORD] }, anna),
    refusal(
      '123456789012:user/anna',
      'kinesis:PutRecords',
      StreamARN,
      'with an explicit deny in an identity-based policy',
    ),
  )
  // What is not there is not told from what may not be seen.
  const other = StreamARN.replace('orders', 'other')
  assert.equal(
    (await refused('PutRecord', { StreamARN: other, ...RECORD }, anna)).code,
    'AccessDeniedException',
  )
})

test('what is denied is denied under every spelling of its ARN', async () => {
  const { authority, user } = usersOf()
  const { call, refused } = await withStream({ authority })
  const { Consumer } = await call('RegisterStreamConsumer', { StreamARN, ConsumerName: 'app' })
  const { ConsumerARN } = Consumer
  const eve = user('eve', [allow('kinesis:*'), deny('kinesis:*', [StreamARN, ConsumerARN])])
  const Policy = policyOf(allow('kinesis:*', StreamARN, { Principal: '*' }))
  for (const arn of [StreamARN, ConsumerARN, ConsumerARN.replace(/:(\d+)$/, ':0$1')])
    for (const ResourceARN of [arn, arn.replace('arn:aws:', 'arn:aws-cn:')])
      for (const [name, more] of [
        ['TagResource', { Tags: { a: 'b' } }],
        ['UntagResource', { TagKeys: ['a'] }],
        ['ListTagsForResource', {}],
        ['PutResourcePolicy', { Policy }],
        ['GetResourcePolicy', {}],
        ['DeleteResourcePolicy', {}],
      ] as const)
        assert.match(
          (await refused(name, { ResourceARN, ...more }, eve)).message,
          /with an explicit deny/,
          `${name} ${ResourceARN}`,
        )
})

test('what is read by an iterator is the stream that it names', async () => {
  const { authority, user } = usersOf()
  const bound = await withStream({ authority })
  await bound.call('CreateStream', { StreamName: 'other', ShardCount: 1 })
  const reader = user('reader', [allow(['kinesis:GetRecords', 'kinesis:GetShardIterator'], StreamARN)])
  const ShardIterator = await iteratorOf(bound, StreamName)
  await bound.call('GetRecords', { ShardIterator }, reader)
  const others = { ShardIterator: await iteratorOf(bound, 'other') }
  assert.match((await bound.refused('GetRecords', others, reader)).message, /stream\/other because no/)
})

test('a token of a list is no way around', async () => {
  const { authority, user } = usersOf()
  const { call, refused } = await withStream({ authority }, { ShardCount: 2 })
  const { NextToken } = await call('ListShards', { StreamName, MaxResults: 1 })
  assert.match(
    (await refused('ListShards', { NextToken }, user('anna'))).message,
    /stream\/orders because no/,
  )
  assert.equal(
    (await call('ListShards', { NextToken }, user('bob', [allow('kinesis:ListShards', StreamARN)]))).Shards
      .length,
    1,
  )
})

test('a consumer is a resource of its own', async () => {
  const { authority, user } = usersOf()
  const { call, refused } = await withStream({ authority })
  const anna = user('anna', [
    allow('kinesis:RegisterStreamConsumer', StreamARN),
    allow('kinesis:DescribeStreamConsumer', `${StreamARN}/consumer/*`),
  ])
  const { Consumer } = await call('RegisterStreamConsumer', { StreamARN, ConsumerName: 'app' }, anna)
  await call('DescribeStreamConsumer', { ConsumerARN: Consumer.ConsumerARN }, anna)
  await call('DescribeStreamConsumer', { StreamARN, ConsumerName: 'app' }, anna)
  assert.match(
    (await refused('DeregisterStreamConsumer', { StreamARN, ConsumerName: 'app' }, anna)).message,
    new RegExp(`kinesis:DeregisterStreamConsumer on resource: ${Consumer.ConsumerARN} because`),
  )
})

test('what names no stream is asked of all', async () => {
  const { authority, user } = usersOf()
  const { call, refused } = await withStream({ authority })
  assert.match(
    (await refused('ListStreams', {}, user('anna', [allow('kinesis:*', StreamARN)]))).message,
    /on resource: \* because/,
  )
  await call('ListStreams', {}, user('bob', [allow('kinesis:ListStreams')]))
})

test("tags of the request and of the stream are conditions' keys", async () => {
  const { authority, user } = usersOf()
  const { call, refused } = await withStream({ authority })
  const tagged = user('tagged', [
    allow('kinesis:*', '*', { Condition: { StringEquals: { 'aws:ResourceTag/team': 'data' } } }),
    allow('kinesis:AddTagsToStream', '*', {
      Condition: {
        'ForAllValues:StringEquals': { 'aws:TagKeys': ['team'] },
        Null: { 'aws:RequestTag/team': 'false' },
      },
    }),
  ])
  assert.equal((await refused('PutRecord', { StreamName, ...RECORD }, tagged)).code, 'AccessDeniedException')
  await refused('AddTagsToStream', { StreamName, Tags: { team: 'data', x: 'y' } }, tagged)
  await call('AddTagsToStream', { StreamName, Tags: { team: 'data' } }, tagged)
  await call('PutRecord', { StreamName, ...RECORD }, tagged)
})

test('another account uses a stream by its ARN when both sides allow it', async () => {
  const { authority, user } = usersOf()
  const { call, refused } = await withStream({ authority })
  const known = { account: OTHER_ACCOUNT }
  const bob = user('bob', [allow('kinesis:*')], known)
  const put = { StreamARN, ...RECORD }
  assert.deepEqual(
    await refused('PutRecord', put, bob),
    refusal(
      `${OTHER_ACCOUNT}:user/bob`,
      'kinesis:PutRecord',
      StreamARN,
      'because no resource-based policy allows the kinesis:PutRecord action',
    ),
  )
  const Policy = policyOf(
    allow(['kinesis:PutRecord', 'kinesis:PutResourcePolicy'], StreamARN, {
      Principal: { AWS: OTHER_ACCOUNT },
    }),
  )
  await call('PutResourcePolicy', { ResourceARN: StreamARN, Policy })
  await call('PutRecord', put, bob)
  assert.match(
    (await refused('PutRecord', put, user('eve', [], known))).message,
    /no identity-based policy allows/,
  )
  // What is not there is missed by whose own policies let them ask, and by nobody else.
  const other = { ...put, StreamARN: StreamARN.replace('orders', 'other') }
  assert.deepEqual(await refused('PutRecord', other, bob), {
    code: 'ResourceNotFoundException',
    message: 'Stream other under account 123456789012 not found.',
  })
  const ResourceARN = `${StreamARN}/consumer/none:1`
  assert.deepEqual(await refused('ListTagsForResource', { ResourceARN }, bob), {
    code: 'ResourceNotFoundException',
    message: 'Consumer none, account 123456789012 not found.',
  })
  assert.equal((await refused('PutRecord', other, user('eve', [], known))).code, 'AccessDeniedException')
  // By its name it is a stream of the caller's own account.
  assert.equal((await refused('PutRecord', { StreamName, ...RECORD }, bob)).code, 'ResourceNotFoundException')
  // Whose the stream is says who may say so.
  assert.equal(
    (await refused('PutResourcePolicy', { ResourceARN: StreamARN, Policy }, bob)).code,
    'AccessDeniedException',
  )
})

test("a stream's policy is enough for whom it names, and a consumer has one of its own", async () => {
  const { authority, user } = usersOf()
  const { call, refused } = await withStream({ authority })
  const anna = user('anna')
  const forAnna = (action: string, resource: string) =>
    policyOf(allow(action, resource, { Principal: { AWS: anna.principal.arn } }))
  await call('PutResourcePolicy', { ResourceARN: StreamARN, Policy: forAnna('kinesis:PutRecord', StreamARN) })
  await call('PutRecord', { StreamName, ...RECORD }, anna)
  const { Consumer } = await call('RegisterStreamConsumer', { StreamARN, ConsumerName: 'app' })
  const { ConsumerARN } = Consumer
  assert.equal((await refused('DescribeStreamConsumer', { ConsumerARN }, anna)).code, 'AccessDeniedException')
  await call('PutResourcePolicy', {
    ResourceARN: ConsumerARN,
    Policy: forAnna('kinesis:DescribeStreamConsumer', ConsumerARN),
  })
  await call('DescribeStreamConsumer', { ConsumerARN }, anna)
})

test('the root user of an account can always take back what a policy denies it', async () => {
  const { authority } = usersOf()
  const { call, refused } = await withStream({ authority })
  await call('PutResourcePolicy', {
    ResourceARN: StreamARN,
    Policy: policyOf(deny('kinesis:*', StreamARN, { Principal: '*' })),
  })
  assert.match(
    (await refused('PutRecord', { StreamName, ...RECORD })).message,
    /explicit deny in a resource-based policy$/,
  )
  await call('DeleteResourcePolicy', { ResourceARN: StreamARN })
  await call('PutRecord', { StreamName, ...RECORD })
})

test('where, when and how a call comes is told to its conditions', async () => {
  const { authority, user } = usersOf(Date.UTC(2026, 0, 1))
  const { call, refused } = await withStream({ authority })
  const connection = {
    address: '10.1.2.3',
    isEncrypted: true,
    userAgent: 'app/1',
    referer: 'https://a.example/',
  }
  const put = { StreamName, ...RECORD }
  for (const [Condition, isAllowed] of [
    [{ IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }, true],
    [{ IpAddress: { 'aws:SourceIp': '192.168.0.0/16' } }, false],
    [{ Bool: { 'aws:SecureTransport': 'true' } }, true],
    [{ StringLike: { 'aws:UserAgent': 'app/*', 'aws:Referer': 'https://a.example/*' } }, true],
    [{ StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } }, true],
    [{ StringEquals: { 'aws:RequestedRegion': 'us-east-1' } }, false],
    [{ DateLessThan: { 'aws:CurrentTime': '2026-01-02T00:00:00Z' } }, true],
    [{ NumericLessThan: { 'aws:EpochTime': '1700000000' } }, false],
    [{ StringEquals: { 'aws:username': 'anna', 'aws:PrincipalType': 'User' } }, true],
    [
      { StringEquals: { 'aws:PrincipalAccount': '123456789012', 'aws:ResourceAccount': '123456789012' } },
      true,
    ],
    [{ ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:user/an*' } }, true],
    [{ Bool: { 'aws:MultiFactorAuthPresent': 'false' } }, false],
    [{ BoolIfExists: { 'aws:MultiFactorAuthPresent': 'true' } }, true],
  ] as const) {
    const anna = user('anna', [allow('kinesis:PutRecord', '*', { Condition })], { connection })
    if (isAllowed) await call('PutRecord', put, anna)
    else
      assert.equal(
        (await refused('PutRecord', put, anna)).code,
        'AccessDeniedException',
        JSON.stringify(Condition),
      )
  }
})

test('every operation asks for leave to do what it is called', async () => {
  const bound = await withStream()
  const input = {
    ...{ StreamARN, ResourceARN: StreamARN, ConsumerARN: `${StreamARN}/consumer/app:1`, ConsumerName: 'app' },
    ...{
      ChannelARN: StreamARN.replace('stream/orders', 'channel/1'),
      ShardIterator: await iteratorOf(bound, StreamName),
    },
    StreamConfigurationList: [{ StreamARN }],
    ServiceExecutionRoleARN: 'arn:aws:iam::123456789012:role/channel',
  }
  const caller = callerOf({ region: 'eu-west-1' })
  for (const [name, operation] of kinesisService.operations) {
    const accesses = operation.accesses
      ? await operation.accesses(bound.kinesis as never, input as never, caller)
      : await kinesisService.accesses!(bound.kinesis, { operation: operation as never, input, caller })
    const [{ action, resource, account } = assert.fail(name)] = accesses
    assert.equal(action, `kinesis:${name}`)
    assert.match(resource, /^(\*|arn:aws:kinesis:eu-west-1:123456789012:(stream|channel)\/.+)$/)
    assert.equal(account, '123456789012')
  }
})
