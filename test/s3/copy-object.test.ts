import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { boundS3 } from './bound-s3.ts'
import { assertWantsBucket } from './resource-refusals.ts'

const md5 = (data: string | Uint8Array) => createHash('md5').update(data).digest('hex')
const LARGE = 'standpipe'.repeat(20_000)

test('a copy takes bytes and description along, or a new description', async () => {
  const { put, call, get, refused } = await boundS3()
  for (const data of ['small', LARGE, '']) {
    await put('source', data, { ContentType: 'text/csv', Tagging: 'a=1' })
    const answer = await call('CopyObject', { Bucket: 'lake', Key: 'copy', CopySource: '/lake/source' })
    assert.equal(answer.CopyObjectResult.ETag, `"${md5(data)}"`)
    await call('DeleteObject', { Bucket: 'lake', Key: 'source' })
    assert.equal(await get('copy'), data)
    const head = await call('HeadObject', { Bucket: 'lake', Key: 'copy' })
    assert.deepEqual([head.ContentType, head.TagCount], ['text/csv', 1])
  }
  const self = { Bucket: 'lake', Key: 'copy', CopySource: 'lake/copy' }
  assert.equal((await refused('CopyObject', self)).code, 'InvalidRequest')
  await call('CopyObject', { ...self, MetadataDirective: 'REPLACE', ContentType: 'text/new' })
  assert.equal((await call('HeadObject', { Bucket: 'lake', Key: 'copy' })).ContentType, 'text/new')
  assert.equal((await refused('CopyObject', { ...self, CopySource: 'lake/none' })).code, 'NoSuchKey')
  const unmet = { ...self, Key: 'other', CopySourceIfMatch: '"no"' }
  assert.equal((await refused('CopyObject', unmet)).code, 'PreconditionFailed')
})

test('a copy finds its source however its name is encoded', async () => {
  const { put, call, get } = await boundS3()
  await put('some key+é', 'here')
  for (const [index, name] of ['some+key%2B%C3%A9', 'some%20key%2Bé', 'some key%2B%c3%a9'].entries()) {
    const Key = `copy-${index}`
    await call('CopyObject', { Bucket: 'lake', Key, CopySource: `lake/${name}?versionId=null` })
    assert.equal(await get(Key), 'here')
  }
})

test('CopyObject wants a bucket of the caller', async () => {
  await assertWantsBucket('CopyObject', { Key: 'copy', CopySource: 'lake/key' })
})
