import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundKinesis, CALLER } from './bound-kinesis.ts'

test('accounts and regions do not see one another', async () => {
  const { call } = boundKinesis()
  await call('CreateStream', { StreamName: 'orders', ShardCount: 1 })
  for (const other of [{ account: '000000000000' }, { region: 'eu-west-2' }]) {
    const caller = { ...CALLER, ...other }
    assert.deepEqual((await call('ListStreams', {}, caller)).StreamNames, [])
    await call('CreateStream', { StreamName: 'orders', ShardCount: 1 }, caller)
  }
})

test('streams are listed in pages by name or token, and a token expires', async () => {
  const { call, clock, refused } = boundKinesis()
  const names = ['a', 'b', 'b-1', 'c', 'd']
  for (const StreamName of names) await call('CreateStream', { StreamName, ShardCount: 1 })
  const first = await call('ListStreams', { Limit: 2 })
  assert.deepEqual([first.StreamNames, first.HasMoreStreams], [['a', 'b'], true])
  const second = await call('ListStreams', { Limit: 2, NextToken: first.NextToken })
  assert.deepEqual([second.StreamNames, second.HasMoreStreams], [['b-1', 'c'], true])
  const last = await call('ListStreams', { ExclusiveStartStreamName: 'c' })
  assert.deepEqual([last.StreamNames, last.HasMoreStreams, last.NextToken], [['d'], false, undefined])
  await clock.advance(300_001)
  const expired = await refused('ListStreams', { NextToken: first.NextToken })
  assert.equal(expired.code, 'ExpiredNextTokenException')
  assert.equal((await refused('ListStreams', { NextToken: 'nonsense' })).code, 'InvalidArgumentException')
})

test('a token of another list, or of more than five minutes ago, lists no streams', async () => {
  const { call, clock, refused } = boundKinesis()
  for (const StreamName of ['a', 'b']) await call('CreateStream', { StreamName, ShardCount: 2 })
  const { NextToken } = await call('ListStreams', { Limit: 1 })
  const ofShards = (await call('ListShards', { StreamName: 'a', MaxResults: 1 })).NextToken
  for (const wrong of [ofShards, 'nonsense'])
    assert.deepEqual(await refused('ListStreams', { NextToken: wrong }), {
      code: 'InvalidArgumentException',
      message: 'Invalid NextToken.',
    })
  await clock.advance(300_001)
  assert.deepEqual(await refused('ListStreams', { NextToken }), {
    code: 'ExpiredNextTokenException',
    message: 'NextToken expired. A token can be used for 300000 milliseconds.',
  })
})
