import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundS3 } from './bound-s3.ts'
import { assertWantsNullVersion, assertWantsObject } from './resource-refusals.ts'

test('a head tells what GetObject tells, without the bytes', async () => {
  const { call, put } = await boundS3()
  await put('object', 'hello', { ContentType: 'text/plain', Metadata: { origin: 'test' }, Tagging: 'a=1' })
  const object = { Bucket: 'lake', Key: 'object', ChecksumMode: 'ENABLED' }
  const { Body: _, ...read } = await call('GetObject', object)
  const head = await call('HeadObject', object)
  assert.deepEqual(head, read)
  assert.deepEqual([head.ContentLength, head.Metadata, head.TagCount], [5, { origin: 'test' }, 1])
})

test('a part that the object has not is refused by number', async () => {
  const { put, refused } = await boundS3()
  await put('object', 'hello')
  const { status, code, fields } = await refused('HeadObject', {
    Bucket: 'lake',
    Key: 'object',
    PartNumber: 2,
  })
  assert.deepEqual([status, code], [416, 'InvalidPartNumber'])
  assert.deepEqual(fields, { ActualPartCount: '1', PartNumberRequested: '2' })
})

test('HeadObject wants an object that is there', async () => {
  await assertWantsObject('HeadObject')
  await assertWantsNullVersion('HeadObject')
})
