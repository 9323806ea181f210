import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundS3, NOW, textOf } from './bound-s3.ts'
import { assertWantsNullVersion, assertWantsObject } from './resource-refusals.ts'

const LARGE = 'standpipe'.repeat(20_000)

test('a range answers 206 with just these bytes, and without the checksum of the whole', async () => {
  const { call, put } = await boundS3()
  await put('object', LARGE)
  const range = { Bucket: 'lake', Key: 'object', ChecksumMode: 'ENABLED' }
  const { Body, ...read } = await call('GetObject', { ...range, Range: 'bytes=17990-18008' })
  assert.equal(await textOf(Body), LARGE.slice(17990, 18009))
  assert.equal(read.ContentRange, `bytes 17990-18008/${LARGE.length}`)
  assert.equal(read.ContentLength, 19)
  assert.equal(read.StatusCode, 206)
  assert.equal(read.ChecksumCRC64NVME, undefined)
  const { ChecksumCRC64NVME } = await call('HeadObject', range)
  assert.ok(ChecksumCRC64NVME)
  const whole = await call('HeadObject', { ...range, Range: `bytes=-${LARGE.length + 1}` })
  assert.deepEqual([whole.StatusCode, whole.ChecksumCRC64NVME], [206, ChecksumCRC64NVME])
})

test('a range that cannot be satisfied is refused', async () => {
  const { put, refused } = await boundS3()
  await put('object', 'abc')
  const { code, status, fields } = await refused('GetObject', {
    Bucket: 'lake',
    Key: 'object',
    Range: 'bytes=3-',
  })
  assert.deepEqual([code, status, fields.ActualObjectSize], ['InvalidRange', 416, '3'])
})

test('conditions on reads answer 304 and 412', async () => {
  const { put, refused } = await boundS3()
  const { ETag } = await put('object', 'abc')
  const object = { Bucket: 'lake', Key: 'object' }
  assert.equal((await refused('GetObject', { ...object, IfNoneMatch: ETag })).status, 304)
  assert.equal((await refused('HeadObject', { ...object, IfModifiedSince: NOW })).status, 304)
  assert.equal((await refused('GetObject', { ...object, IfMatch: '"no"' })).code, 'PreconditionFailed')
})

test('a reader of an object that is overwritten meanwhile keeps what it began with', async () => {
  const { put, call } = await boundS3()
  await put('object', LARGE)
  const { Body } = await call('GetObject', { Bucket: 'lake', Key: 'object' })
  await put('object', 'new')
  assert.equal(await textOf(Body), LARGE)
})

test('GetObject wants an object that is there', async () => {
  await assertWantsObject('GetObject')
  await assertWantsNullVersion('GetObject')
})
