import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Answer, NOW } from './bound-kinesis.ts'
import { arnOf, from, withStreams } from './channel-requests.ts'

test('channels are listed by name, of some streams, page by page', async () => {
  const { createChannel, call, refused } = await withStreams()
  for (const [name, stream] of [
    ['b', 'orders'],
    ['a', 'clicks'],
    ['c', 'orders'],
  ] as const)
    await createChannel({ ChannelName: name, StreamConfigurationList: from(stream) })
  const namesOf = async (input: object) => {
    const { ChannelSummaries, NextToken } = await call('ListChannels', input)
    return { names: ChannelSummaries.map(({ ChannelName }: Answer) => ChannelName).join(), NextToken }
  }
  const of = (StreamARN: string, StreamCreationTimestamp?: number) =>
    namesOf({ StreamFilter: [{ StreamARN, ...(StreamCreationTimestamp && { StreamCreationTimestamp }) }] })
  assert.equal((await namesOf({})).names, 'a,b,c')
  assert.equal((await of(arnOf('orders'))).names, 'b,c')
  assert.equal((await of(arnOf('orders'), NOW)).names, 'b,c')
  assert.equal((await of(arnOf('orders'), NOW - 1_000)).names, '')
  const first = await namesOf({ MaxResults: 2 })
  assert.equal(first.names, 'a,b')
  assert.deepEqual(await namesOf({ MaxResults: 2, NextToken: first.NextToken }), {
    names: 'c',
    NextToken: undefined,
  })
  assert.equal((await refused('ListChannels', { NextToken: 'x' })).code, 'InvalidArgumentException')
  const { ChannelSummaries } = await call('ListChannels', { MaxResults: 1 })
  assert.partialDeepStrictEqual(ChannelSummaries, [
    {
      ChannelStatus: 'ACTIVE',
      ChannelDestinationType: 'S3',
      Streams: [{ StreamARN: arnOf('clicks'), StreamCreationTimestamp: NOW }],
    },
  ])
})

test('a token of another list, or of more than five minutes ago, lists no channels', async () => {
  const { createChannel, call, clock, refused } = await withStreams()
  for (const name of ['a', 'b'])
    await createChannel({
      ChannelName: name,
      StreamConfigurationList: from(name === 'a' ? 'orders' : 'clicks'),
    })
  const { NextToken } = await call('ListChannels', { MaxResults: 1 })
  const ofStreams = (await call('ListStreams', { Limit: 1 })).NextToken
  assert.deepEqual(await refused('ListChannels', { NextToken: ofStreams }), {
    code: 'InvalidArgumentException',
    message: 'Invalid NextToken.',
  })
  await clock.advance(300_001)
  assert.deepEqual(await refused('ListChannels', { NextToken }), {
    code: 'ExpiredNextTokenException',
    message: 'NextToken expired. A token can be used for 300000 milliseconds.',
  })
})
