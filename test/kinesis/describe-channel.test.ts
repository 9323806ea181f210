import assert from 'node:assert/strict'
import { test } from 'node:test'
import { arnOf, withStreams } from './channel-requests.ts'

test('a channel is described by its ARN, as it is now', async () => {
  const { createChannel, call, clock } = await withStreams({ stateDelayMs: 500 })
  const created = await createChannel()
  const { ChannelARN } = created
  assert.deepEqual((await call('DescribeChannel', { ChannelARN })).ChannelDescription, created)
  await clock.advance(500)
  assert.deepEqual((await call('DescribeChannel', { ChannelARN })).ChannelDescription, {
    ...created,
    ChannelStatus: 'ACTIVE',
  })
})

test('DescribeChannel wants a channel that is there', async () => {
  const { refused } = await withStreams()
  const ChannelARN = 'arn:aws:kinesis:eu-west-1:123456789012:channel/nowhere'
  assert.deepEqual(await refused('DescribeChannel', { ChannelARN }), {
    code: 'ResourceNotFoundException',
    message: `Channel ${ChannelARN} not found.`,
  })
  assert.deepEqual(await refused('DescribeChannel', { ChannelARN: arnOf('orders') }), {
    code: 'ValidationException',
    message:
      `1 validation error detected: Value '${arnOf('orders')}' at 'channelARN' failed to satisfy constraint: Member ` +
      'must satisfy regular expression pattern: arn:aws.*:kinesis:.*:\\d{12}:channel/\\S+',
  })
})
