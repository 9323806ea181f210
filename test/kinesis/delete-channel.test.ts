import assert from 'node:assert/strict'
import { test } from 'node:test'
import { arnOf, channel, withStreams } from './channel-requests.ts'

test('a channel is CREATING, UPDATING and DELETING for a while, and busy until then', async () => {
  const { createChannel, call, refused, clock } = await withStreams({ stateDelayMs: 500 })
  const { ChannelARN } = await createChannel()
  const statusOf = async () =>
    (await call('DescribeChannel', { ChannelARN })).ChannelDescription.ChannelStatus
  const S3DestinationConfiguration = { DataFreshnessInSeconds: 300 }
  const busy = async () => {
    for (const operation of ['UpdateChannel', 'DeleteChannel'])
      assert.equal((await refused(operation, { ChannelARN })).code, 'ResourceInUseException')
  }
  assert.equal(await statusOf(), 'CREATING')
  await busy()
  await clock.advance(500)
  assert.equal(await statusOf(), 'ACTIVE')
  await call('UpdateChannel', { ChannelARN, S3DestinationConfiguration })
  assert.equal(await statusOf(), 'UPDATING')
  await busy()
  await clock.advance(500)
  await call('DeleteChannel', { ChannelARN })
  assert.equal(await statusOf(), 'DELETING')
  await busy()
  assert.equal((await refused('CreateChannel', channel())).code, 'ResourceInUseException')
  await clock.advance(500)
  assert.equal((await refused('DescribeChannel', { ChannelARN })).code, 'ResourceNotFoundException')
  await createChannel()
})

test('a stream with a channel counts it, and is neither deleted nor made provisioned before the channel is', async () => {
  const { createChannel, call, refused } = await withStreams()
  const { ChannelARN } = await createChannel()
  const counts = async () => ({
    ofStream: (await call('DescribeStreamSummary', { StreamName: 'orders' })).StreamDescriptionSummary
      .ChannelCount,
    ofAccount: (await call('DescribeLimits', {})).ChannelCount,
  })
  assert.deepEqual(await counts(), { ofStream: 1, ofAccount: 1 })
  const toProvisioned = {
    StreamARN: arnOf('orders'),
    StreamModeDetails: { StreamMode: 'PROVISIONED' },
  }
  const byForce = { StreamName: 'orders', EnforceConsumerDeletion: true }
  assert.equal((await refused('DeleteStream', byForce)).code, 'ResourceInUseException')
  assert.equal((await refused('UpdateStreamMode', toProvisioned)).code, 'ResourceInUseException')
  await call('DeleteChannel', { ChannelARN })
  assert.deepEqual(await counts(), { ofStream: 0, ofAccount: 0 })
  await call('UpdateStreamMode', toProvisioned)
  await call('DeleteStream', { StreamName: 'orders' })
})

test('DeleteChannel wants a channel that is there and settled', async () => {
  const { createChannel, call, clock, refused } = await withStreams({ stateDelayMs: 500 })
  const { ChannelARN } = await createChannel()
  assert.deepEqual(await refused('DeleteChannel', { ChannelARN }), {
    code: 'ResourceInUseException',
    message: 'Channel archive under account 123456789012 not ACTIVE, instead in state CREATING',
  })
  await clock.advance(500)
  assert.deepEqual(await call('DeleteChannel', { ChannelARN }), {})
  await clock.advance(500)
  assert.deepEqual(await refused('DeleteChannel', { ChannelARN }), {
    code: 'ResourceNotFoundException',
    message: `Channel ${ChannelARN} not found.`,
  })
})
