import assert from 'node:assert/strict'
import { test } from 'node:test'
import { textOf } from '../bound-s3.ts'
import { OBJECT, PARTS, uploading } from '../bound-upload.ts'

test('a reader of an object in parts goes on to its end while the object is replaced', async () => {
  const { s3, call, put, part, complete, liveBlobs } = await uploading()
  const { ETag: first } = await part(1, PARTS[0]!)
  const { ETag: second } = await part(2, PARTS[1]!)
  const Parts = [first, second].map((ETag, index) => ({ PartNumber: index + 1, ETag }))
  await call('CompleteMultipartUpload', complete(Parts))
  const read = async (Range?: string) =>
    (await call('GetObject', { ...OBJECT, Range })).Body[Symbol.asyncIterator]()
  const whole = await read()
  const unread = await read('bytes=0-9')
  const start = Buffer.from((await whole.next()).value)
  await put(OBJECT.Key, 'new')
  await s3.collector.idle()
  assert.equal(liveBlobs.size, 2)
  assert.ok(start.toString() + (await textOf(whole)) === Buffer.concat(PARTS.slice(0, 2)).toString())
  assert.equal(liveBlobs.size, 2)
  await unread.return()
  await s3.collector.idle()
  assert.equal(liveBlobs.size, 0)
  assert.equal(await textOf(await read()), 'new')
})
