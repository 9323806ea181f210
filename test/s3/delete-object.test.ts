import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundS3 } from './bound-s3.ts'
import { assertWantsBucket, assertWantsNullVersion } from './resource-refusals.ts'

test('an object is gone, and one that is not there is deleted without complaint', async () => {
  const { call, put, refused } = await boundS3()
  await put('key', 'x')
  for (const Key of ['key', 'none']) {
    assert.deepEqual(await call('DeleteObject', { Bucket: 'lake', Key }), {})
    assert.equal((await refused('GetObject', { Bucket: 'lake', Key })).code, 'NoSuchKey')
  }
})

test('an object that the client does not know stays', async () => {
  const { put, get, refused } = await boundS3()
  await put('key', 'x')
  const { status, code, message, fields } = await refused('DeleteObject', {
    Bucket: 'lake',
    Key: 'key',
    IfMatch: '"other"',
  })
  assert.deepEqual(
    [status, code, message, fields],
    [
      412,
      'PreconditionFailed',
      'At least one of the pre-conditions you specified did not hold',
      { Condition: 'If-Match' },
    ],
  )
  assert.equal(await get('key'), 'x')
})

test('DeleteObject wants a bucket of the caller', async () => {
  await assertWantsBucket('DeleteObject', { Key: 'key' })
  await assertWantsNullVersion('DeleteObject')
})
