import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundS3 } from './bound-s3.ts'
import { assertWantsNullVersion, assertWantsObject } from './resource-refusals.ts'

test('the tags of an object are those of its header', async () => {
  const { call, put } = await boundS3()
  await put('object', 'a', { Tagging: 'one=1&two' })
  const TagSet = [
    { Key: 'one', Value: '1' },
    { Key: 'two', Value: '' },
  ]
  assert.deepEqual((await call('GetObjectTagging', { Bucket: 'lake', Key: 'object' })).TagSet, TagSet)
  await put('object', 'without')
  assert.deepEqual((await call('GetObjectTagging', { Bucket: 'lake', Key: 'object' })).TagSet, [])
})

test('who asks for the tags of an object that is not there is told of its bucket, too', async () => {
  const { refused } = await boundS3()
  const { fields } = await refused('GetObjectTagging', { Bucket: 'lake', Key: 'a/b' })
  assert.deepEqual(fields, { Key: 'lake/a/b' })
})

test('GetObjectTagging wants an object that is there', async () => {
  await assertWantsObject('GetObjectTagging')
  await assertWantsNullVersion('GetObjectTagging')
})
