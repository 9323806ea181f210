import assert from 'node:assert/strict'
import { test } from 'node:test'
import { serveS3 } from '../serve-s3.ts'
import { call, PATH } from './control-request.ts'
import { assertWantsTagged } from './resource-refusals.ts'

test('the tags of a bucket are listed, if there are any', async (t) => {
  const { endpoint, call: invoke, errors } = await serveS3(t)
  const answer = (tags: string) =>
    `<?xml version="1.0" encoding="UTF-8"?>\n<ListTagsForResourceResult xmlns="http://awss3control.amazonaws.com/doc/2018-08-20/">${tags}</ListTagsForResourceResult>`
  assert.equal((await call(endpoint, 'GET', PATH)).body, answer('<Tags></Tags>'))
  await invoke('PutBucketTagging', { Bucket: 'lake', Tagging: { TagSet: [{ Key: 'c', Value: '4' }] } })
  const listed = await call(endpoint, 'GET', PATH)
  assert.equal(listed.body, answer('<Tags><Tag><Key>c</Key><Value>4</Value></Tag></Tags>'))
  assert.deepEqual(errors, [])
})

test('ListTagsForResource wants a bucket of the caller', async (t) => {
  await assertWantsTagged(t, 'GET')
})
