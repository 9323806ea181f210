import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundS3 } from './bound-s3.ts'
import { assertWantsBucket } from './resource-refusals.ts'

const TagSet = [
  { Key: 'team', Value: 'data + more' },
  { Key: 'empty', Value: '' },
]

test('a bucket has the tags that were put last, and no others', async () => {
  const { call } = await boundS3()
  const Bucket = 'lake'
  assert.deepEqual(
    await call('PutBucketTagging', { Bucket, Tagging: { TagSet: [{ Key: 'a', Value: '1' }] } }),
    {},
  )
  await call('PutBucketTagging', { Bucket, Tagging: { TagSet } })
  assert.deepEqual(await call('GetBucketTagging', { Bucket }), { TagSet })
})

test('tags that a bucket cannot have are refused', async () => {
  const { refused } = await boundS3()
  const refusal = async (...TagSet: object[]) => {
    const { code, message } = await refused('PutBucketTagging', { Bucket: 'lake', Tagging: { TagSet } })
    return [code, message]
  }
  const many = Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: '' }))
  assert.deepEqual(await refusal(...many), ['InvalidTag', 'Bucket tag count cannot be greater than 50'])
  const tag = { Key: 'a', Value: '' }
  assert.deepEqual(await refusal(tag, tag), ['InvalidTag', 'Cannot provide multiple Tags with the same key'])
  assert.deepEqual(await refusal({ Key: 'aws:a', Value: '' }), [
    'InvalidTag',
    'System tags cannot be added/updated by requester',
  ])
})

test('PutBucketTagging wants a bucket of the caller', async () => {
  await assertWantsBucket('PutBucketTagging', { Tagging: { TagSet } })
})
