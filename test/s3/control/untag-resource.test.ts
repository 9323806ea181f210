import assert from 'node:assert/strict'
import { test } from 'node:test'
import { serveS3 } from '../serve-s3.ts'
import { call, PATH } from './control-request.ts'
import { assertWantsTagged } from './resource-refusals.ts'

test('tags are removed by their keys, and keys that are not there are ignored', async (t) => {
  const { endpoint, call: invoke, errors } = await serveS3(t)
  const TagSet = ['a', 'b', 'c'].map((Key) => ({ Key, Value: '1' }))
  await invoke('PutBucketTagging', { Bucket: 'lake', Tagging: { TagSet } })
  const { status } = await call(endpoint, 'DELETE', `${PATH}?tagKeys=a&tagKeys=b&tagKeys=none`)
  assert.equal(status, 204)
  assert.deepEqual((await invoke('GetBucketTagging', { Bucket: 'lake' })).TagSet, [{ Key: 'c', Value: '1' }])
  assert.deepEqual(errors, [])
})

test('UntagResource wants a bucket of the caller', async (t) => {
  await assertWantsTagged(t, 'DELETE', { query: '?tagKeys=a' })
})
