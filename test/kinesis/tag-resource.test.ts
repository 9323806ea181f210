import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withStreams } from './channel-requests.ts'

test("a channel's tags are changed and listed like those of streams; it has no policy", async () => {
  const { createChannel, call, refused } = await withStreams()
  const { ChannelARN: ResourceARN } = await createChannel({ Tags: { team: 'data', stage: '' } })
  await call('TagResource', { ResourceARN, Tags: { cost: '7' } })
  await call('UntagResource', { ResourceARN, TagKeys: ['stage'] })
  assert.deepEqual((await call('ListTagsForResource', { ResourceARN })).Tags, [
    { Key: 'cost', Value: '7' },
    { Key: 'team', Value: 'data' },
  ])
  const Tags = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`key${index}`, '']))
  assert.equal((await refused('TagResource', { ResourceARN, Tags })).code, 'InvalidArgumentException')
  assert.equal((await refused('GetResourcePolicy', { ResourceARN })).code, 'ValidationException')
})
