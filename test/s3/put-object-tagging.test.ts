import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundS3 } from './bound-s3.ts'
import { assertWantsNullVersion, assertWantsObject } from './resource-refusals.ts'

test('an object has the tags that were put last, and is the same otherwise', async () => {
  const { call, put } = await boundS3()
  const object = { Bucket: 'lake', Key: 'object' }
  const { ETag } = await put('object', 'a', { Tagging: 'one=1' })
  const TagSet = [
    { Key: 'team', Value: 'data + more' },
    { Key: 'empty', Value: '' },
  ]
  await call('PutObjectTagging', { ...object, Tagging: { TagSet } })
  assert.deepEqual((await call('GetObjectTagging', object)).TagSet, TagSet)
  const head = await call('HeadObject', object)
  assert.deepEqual([head.TagCount, head.ETag], [2, ETag])
})

test('tags that an object cannot have are refused', async () => {
  const { put, refused } = await boundS3()
  await put('key', 'x')
  const refusal = async (...TagSet: object[]) => {
    const input = { Bucket: 'lake', Key: 'key', Tagging: { TagSet } }
    const { code, message } = await refused('PutObjectTagging', input)
    return [code, message]
  }
  const many = Array.from({ length: 11 }, (_, index) => ({ Key: `k${index}`, Value: '' }))
  assert.deepEqual(await refusal(...many), ['BadRequest', 'Object tags cannot be greater than 10'])
  assert.deepEqual(await refusal({ Key: 'aws:a', Value: '' }), [
    'InvalidTag',
    'Your TagKey cannot be prefixed with aws:',
  ])
})

test('PutObjectTagging wants an object that is there', async () => {
  await assertWantsObject('PutObjectTagging', { Tagging: { TagSet: [] } })
  await assertWantsNullVersion('PutObjectTagging', { Tagging: { TagSet: [] } })
})
