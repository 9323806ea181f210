import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundS3, NOW, textOf } from './bound-s3.ts'
import { assertWantsObject } from './resource-refusals.ts'

const DAY_MS = 86_400_000
const object = { Bucket: 'lake', Key: 'key' }
const days = (Days: number, more: object = {}) => ({ ...object, RestoreRequest: { Days, ...more } })

for (const StorageClass of ['GLACIER', 'DEEP_ARCHIVE'])
  test(`an object of ${StorageClass} is read only while it is restored`, async () => {
    const { call, put, refused, clock } = await boundS3()
    await put('key', 'cold', { StorageClass })
    const { code, status, fields } = await refused('GetObject', object)
    assert.deepEqual([code, status, fields], ['InvalidObjectState', 403, { StorageClass }])
    const head = await call('HeadObject', object)
    assert.deepEqual([head.StorageClass, head.Restore, head.ContentLength], [StorageClass, undefined, 4])
    assert.equal((await call('RestoreObject', days(2))).StatusCode, 202)
    const end = new Date(Math.ceil((NOW + 2 * DAY_MS) / DAY_MS) * DAY_MS)
    const restored = `ongoing-request="false", expiry-date="${end.toUTCString()}"`
    const read = await call('GetObject', object)
    assert.deepEqual(
      [await textOf(read.Body), read.Restore, read.StorageClass],
      ['cold', restored, StorageClass],
    )
    assert.equal((await call('HeadObject', object)).Restore, restored)
    await clock.advance(end.getTime() - NOW - 1)
    assert.equal((await call('GetObject', object)).StatusCode, 200)
    await clock.advance(1)
    assert.equal((await refused('GetObject', object)).code, 'InvalidObjectState')
    assert.equal((await call('HeadObject', object)).Restore, undefined)
  })

test('restored again it is readable for the new days, and replaced it is what it then is', async () => {
  const { call, put, get, refused, clock } = await boundS3()
  await put('key', 'cold', { StorageClass: 'GLACIER' })
  await call('RestoreObject', days(1))
  assert.equal(
    (await call('RestoreObject', days(5, { GlacierJobParameters: { Tier: 'Bulk' } }))).StatusCode,
    200,
  )
  await clock.advance(4 * DAY_MS)
  assert.equal(await get('key'), 'cold')
  await call('PutObjectTagging', { ...object, Tagging: { TagSet: [{ Key: 'a', Value: '1' }] } })
  assert.equal(await get('key'), 'cold')
  await put('key', 'colder', { StorageClass: 'GLACIER' })
  assert.equal((await refused('GetObject', object)).code, 'InvalidObjectState')
  await put('key', 'warm')
  assert.equal(await get('key'), 'warm')
})

test('what is archived is copied only while it is restored, and its copy is not', async () => {
  const { call, put, get, refused } = await boundS3()
  await put('key', 'cold', { StorageClass: 'GLACIER' })
  const copy = { Bucket: 'lake', Key: 'copy', CopySource: 'lake/key' }
  const upload = { Bucket: 'lake', Key: 'parts' }
  const { UploadId } = await call('CreateMultipartUpload', upload)
  const part = { ...upload, UploadId, PartNumber: 1, CopySource: 'lake/key' }
  for (const [name, input] of [
    ['CopyObject', copy],
    ['UploadPartCopy', part],
  ] as const) {
    const { code, status } = await refused(name, input)
    assert.deepEqual([code, status], ['ObjectNotInActiveTierError', 403], name)
  }
  await call('RestoreObject', days(1))
  await call('CopyObject', copy)
  assert.equal(await get('copy'), 'cold')
  await call('CopyObject', { ...copy, StorageClass: 'DEEP_ARCHIVE' })
  assert.equal((await refused('GetObject', { Bucket: 'lake', Key: 'copy' })).code, 'InvalidObjectState')
  // As lakes are brought back to life: onto itself, in another class.
  await call('CopyObject', { ...copy, Key: 'key', StorageClass: 'STANDARD' })
  assert.equal((await call('HeadObject', object)).StorageClass, undefined)
})

test('an object uploaded in parts is archived like any other', async () => {
  const { call, refused } = await boundS3()
  const { UploadId } = await call('CreateMultipartUpload', { ...object, StorageClass: 'GLACIER' })
  const { ETag } = await call('UploadPart', { ...object, UploadId, PartNumber: 1 })
  await call('CompleteMultipartUpload', {
    ...{ ...object, UploadId, MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] } },
  })
  assert.equal((await refused('GetObject', object)).code, 'InvalidObjectState')
  assert.equal((await refused('GetObject', { ...object, PartNumber: 1 })).code, 'InvalidObjectState')
})

test('what makes no sense is not restored', async () => {
  const { put, refused, call } = await boundS3()
  await put('key', 'warm')
  const warm = await refused('RestoreObject', days(1))
  assert.deepEqual(
    [warm.code, warm.status, warm.fields],
    ['InvalidObjectState', 403, { StorageClass: 'STANDARD' }],
  )
  await put('key', 'cold', { StorageClass: 'DEEP_ARCHIVE' })
  for (const [RestoreRequest, code] of [
    [{}, 'MalformedXML'],
    [{ Days: 0 }, 'InvalidArgument'],
    [{ Days: 1, Tier: 'Soon' }, 'MalformedXML'],
    [{ Days: 1, GlacierJobParameters: { Tier: 'Expedited' } }, 'InvalidArgument'],
    [{ Type: 'SELECT' }, 'NotImplemented'],
  ] as const)
    assert.equal((await refused('RestoreObject', { ...object, RestoreRequest })).code, code)
  assert.equal((await call('HeadObject', object)).Restore, undefined)
})

test('RestoreObject wants an object of the caller', async () => {
  await assertWantsObject('RestoreObject', { RestoreRequest: { Days: 1 } })
})
