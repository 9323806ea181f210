import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { createClock } from '../../../src/clock/clock.ts'
import { systemRandom } from '../../../src/clock/random.ts'
import { openEmbeddedEngine } from '../../../src/engine/embedded/embedded-engine.ts'
import { recoverS3 } from '../../../src/s3/s3.ts'
import { temporaryFolder } from '../../process.ts'
import { bodyOf, boundS3, MiB, NOW } from '../bound-s3.ts'

const LARGE = 'standpipe'.repeat(20_000)
const clock = createClock({ mode: 'manual', startAt: NOW, onError: assert.ifError })
const open = (dataDir: string) =>
  openEmbeddedEngine({ dataDir, clock, random: systemRandom, onError: assert.ifError })

test('objects, uploads and listings outlive the process; what nobody names any more does not', async (t) => {
  const folder = temporaryFolder(t)
  const engine = await open(folder)
  const before = await boundS3({ engine })
  const keys = ['../../x', 'a', `long/${'segment'.repeat(140)}`, '\u{1f600}', '\uffee']
  for (const key of keys) await before.put(key, LARGE + key)
  await before.put('small', 'abc')
  const { UploadId } = await before.call('CreateMultipartUpload', { Bucket: 'lake', Key: 'parts' })
  const part = { Bucket: 'lake', Key: 'parts', UploadId, PartNumber: 1 }
  const { ETag } = await before.call('UploadPart', { ...part, Body: bodyOf(Buffer.alloc(MiB, 'p')) })
  const orphan = await engine.blobs.create()
  await orphan.write(Buffer.from('never committed'))
  await orphan.finish()
  await engine.close()

  const reopened = await open(folder)
  t.after(() => reopened.close())
  const after = await boundS3({ engine: reopened })
  await recoverS3(after.s3)
  const listed = (await after.call('ListObjectsV2', { Bucket: 'lake' })).Contents
  assert.deepEqual(
    listed.map(({ Key }: { Key: string }) => Key),
    [...keys, 'small'].sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other))),
  )
  for (const key of keys) assert.equal(await after.get(key), Buffer.from(LARGE + key).toString('latin1'))
  assert.equal(await after.get('small'), 'abc')
  const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] }
  await after.call('CompleteMultipartUpload', { Bucket: 'lake', Key: 'parts', UploadId, MultipartUpload })
  assert.equal(await after.get('parts', { Range: 'bytes=-3' }), 'ppp')

  const blobs = readdirSync(join(folder, 'blobs'), { recursive: true, withFileTypes: true })
  assert.equal(blobs.filter(({ name }) => /^[0-9a-f]{32}$/.test(name)).length, keys.length + 1)
})
