import assert from 'node:assert/strict'
import { test } from 'node:test'
import { serveS3 } from '../serve-s3.ts'
import { call, PATH, tagsOf } from './control-request.ts'
import { assertWantsTagged } from './resource-refusals.ts'

test('tags are added to those of a bucket, and replace those of the same key', async (t) => {
  const { endpoint, call: invoke, errors } = await serveS3(t)
  assert.equal((await call(endpoint, 'POST', PATH, tagsOf(['a', '1'], ['b', '2']))).status, 204)
  assert.equal((await call(endpoint, 'POST', PATH, tagsOf(['b', '3'], ['c', '4']))).status, 204)
  assert.deepEqual((await invoke('GetBucketTagging', { Bucket: 'lake' })).TagSet, [
    { Key: 'a', Value: '1' },
    { Key: 'b', Value: '3' },
    { Key: 'c', Value: '4' },
  ])
  assert.deepEqual(errors, [])
})

test('tags of AWS are refused', async (t) => {
  const { endpoint } = await serveS3(t)
  const { status, body } = await call(endpoint, 'POST', PATH, tagsOf(['aws:a', '1']))
  assert.equal(status, 400)
  assert.match(body, /<Code>InvalidTag<\/Code><Message>System tags cannot be added\/updated by requester</)
})

test('TagResource wants a bucket of the caller', async (t) => {
  await assertWantsTagged(t, 'POST', { body: tagsOf(['a', '1']) })
})
