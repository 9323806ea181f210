import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundS3 } from './bound-s3.ts'
import { assertWantsNullVersion, assertWantsObject } from './resource-refusals.ts'

test('an object has no tags any more, and the same bytes', async () => {
  const { call, put, get } = await boundS3()
  const object = { Bucket: 'lake', Key: 'object' }
  await put('object', 'a', { Tagging: 'one=1' })
  await call('DeleteObjectTagging', object)
  assert.deepEqual((await call('GetObjectTagging', object)).TagSet, [])
  assert.equal(await get('object'), 'a')
  await call('DeleteObjectTagging', object)
})

test('DeleteObjectTagging wants an object that is there', async () => {
  await assertWantsObject('DeleteObjectTagging')
  await assertWantsNullVersion('DeleteObjectTagging')
})
