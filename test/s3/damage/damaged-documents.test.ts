import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMemoryEngine } from '../../../src/engine/memory/memory-engine.ts'
import { EngineError, type MetadataStore } from '../../../src/engine/ports/engine.ts'
import { createProblems } from '../../../src/metrics/problems.ts'
import {
  bucketKey,
  garbageKey,
  inlineKey,
  objectKey,
  piecesKey,
  wantedKey,
} from '../../../src/s3/documents.ts'
import type { StoredObject } from '../../../src/s3/objects/stored-object.ts'
import { recoverS3 } from '../../../src/s3/s3.ts'
import { bodyOf, boundS3, NOW } from '../bound-s3.ts'
import { serveS3 } from '../serve-s3.ts'

/** Some of whose documents are damaged, as an engine finds them that has a checksum of each. */
function damageable(metadata: MetadataStore) {
  const damaged = new Set<string>()
  const check = (key: string) => {
    if (damaged.has(key)) throw new EngineError('Damaged', `the document ${key} is damaged`)
  }
  const store: MetadataStore = {
    ...metadata,
    async get(key) {
      check(key)
      return metadata.get(key)
    },
    async list(range) {
      if (range.damaged !== 'left out') {
        const found = await metadata.list<never>(range)
        for (const { key } of found) check(key)
        return found
      }
      const { limit, ...all } = range
      return (await metadata.list<never>(all)).filter(({ key }) => !damaged.has(key)).slice(0, limit)
    },
    async commit(changes) {
      const revision = await metadata.commit(changes)
      for (const change of changes)
        damaged.delete('put' in change ? change.put : 'delete' in change ? change.delete : '')
      return revision
    },
  }
  return { store, damaged }
}

async function withDamage() {
  const { metadata: intact, blobs } = createMemoryEngine({ clock: { now: () => NOW } })
  const { store: metadata, damaged } = damageable(intact)
  const problems = createProblems({ now: () => NOW, warn: () => {}, info: () => {} })
  const engine = { metadata, blobs }
  const bound = await boundS3({ engine, problems })
  const documentOf = async (key: string) => (await intact.get<StoredObject>(objectKey('lake', key)))!.value
  const contentOf = async (key: string) => {
    const { content } = await documentOf(key)
    assert.ok(content.in !== 'nothing')
    return content
  }
  return { ...bound, engine, intact, damaged, problems, documentOf, contentOf }
}
const OBJECT = { Bucket: 'lake', Key: 'object' }
const LARGE = 'standpipe'.repeat(20_000)

test('an object whose inline content is damaged is an internal error to all who read it', async () => {
  const { put, get, refused, contentOf, damaged, problems, call } = await withDamage()
  await put('object', 'small')
  damaged.add(inlineKey((await contentOf('object')).id))
  assert.equal((await refused('GetObject', OBJECT)).code, 'InternalError')
  const copy = { Bucket: 'lake', Key: 'copy', CopySource: 'lake/object' }
  assert.equal((await refused('CopyObject', copy)).code, 'InternalError')
  assert.equal((await refused('GetObject', { ...OBJECT, Key: 'copy' })).code, 'NoSuchKey')
  assert.match(problems.list()[0]!.what, /^object "object" is damaged at byte 0/)
  await put('object', 'anew')
  assert.equal(await get('object'), 'anew')
  assert.deepEqual(problems.list(), [])
  assert.equal((await call('ListObjectsV2', { Bucket: 'lake' })).KeyCount, 1)
})

test('an object whose document is damaged hides no other, and can be deleted and put over', async () => {
  const { put, get, call, refused, damaged, problems } = await withDamage()
  for (const key of ['a', 'b', 'c']) await put(key, key)
  damaged.add(objectKey('lake', 'b'))
  const listed = async () =>
    (await call('ListObjectsV2', { Bucket: 'lake' })).Contents.map(({ Key }: { Key: string }) => Key)
  assert.deepEqual(await listed(), ['a', 'c'])
  const paged = await call('ListObjectsV2', { Bucket: 'lake', MaxKeys: 1 })
  const next = await call('ListObjectsV2', {
    Bucket: 'lake',
    ContinuationToken: paged.NextContinuationToken,
  })
  assert.deepEqual([paged.Contents[0].Key, next.Contents[0].Key], ['a', 'c'])
  const b = { Bucket: 'lake', Key: 'b' }
  for (const operation of ['GetObject', 'HeadObject', 'GetObjectTagging'])
    assert.equal((await refused(operation, b)).code, 'InternalError')
  assert.deepEqual(problems.list().length, 1)
  assert.equal(
    (await refused('PutObject', { ...b, Body: bodyOf('x'), IfMatch: '"x"' })).code,
    'InternalError',
  )
  const ifNone = { ...b, Body: bodyOf('x'), IfNoneMatch: '*' }
  assert.equal((await refused('PutObject', ifNone)).code, 'PreconditionFailed')
  await put('b', 'anew')
  assert.equal(await get('b'), 'anew')
  assert.deepEqual(problems.list(), [])

  for (const key of ['a', 'c']) await call('DeleteObject', { Bucket: 'lake', Key: key })
  damaged.add(objectKey('lake', 'b'))
  assert.equal((await refused('DeleteBucket', { Bucket: 'lake' })).code, 'BucketNotEmpty')
  await call('DeleteObject', b)
  await call('DeleteBucket', { Bucket: 'lake' })
})

test('a document that is not what its key says is a damaged one', async () => {
  const { put, get, call, refused, intact, problems } = await withDamage()
  for (const key of ['a', 'b']) await put(key, key)
  await intact.commit([{ put: objectKey('lake', 'b'), value: { sizeBytes: 'many' } }])
  const b = { Bucket: 'lake', Key: 'b' }
  for (const operation of ['GetObject', 'HeadObject', 'GetObjectTagging'])
    assert.equal((await refused(operation, b)).code, 'InternalError')
  assert.equal(problems.list().length, 1)
  assert.equal((await call('ListObjectsV2', { Bucket: 'lake' })).KeyCount, 1)
  await put('b', 'anew')
  assert.equal(await get('b'), 'anew')
  await intact.commit([{ put: objectKey('lake', 'b'), value: null }])
  await call('DeleteObject', b)
  assert.equal((await refused('GetObject', b)).code, 'NoSuchKey')
  assert.deepEqual(problems.list(), [])
})

test('a part whose document is damaged makes its upload no other object, and can be uploaded again', async () => {
  const { call, refused, get, intact, damaged, contentOf } = await withDamage()
  const { UploadId } = await call('CreateMultipartUpload', OBJECT)
  const part = { ...OBJECT, UploadId, PartNumber: 1 }
  const { ETag } = await call('UploadPart', { ...part, Body: bodyOf('part') })
  const [document] = await intact.list({ prefix: `s3/p/${UploadId}/` })
  damaged.add(document!.key)
  const complete = { ...OBJECT, UploadId, MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] } }
  await assert.rejects(call('CompleteMultipartUpload', complete), EngineError)
  assert.deepEqual((await call('ListParts', { ...OBJECT, UploadId })).Parts, [])
  await call('UploadPart', { ...part, Body: bodyOf('part') })
  await call('CompleteMultipartUpload', complete)
  assert.equal(await get('object'), 'part')
  damaged.add(piecesKey((await contentOf('object')).id))
  assert.equal((await refused('GetObject', OBJECT)).code, 'InternalError')
})

test('the sweep takes nothing of which a damaged document may say that it is wanted', async () => {
  const { put, s3, contentOf, damaged, liveBlobs } = await withDamage()
  await put('object', LARGE)
  const { id } = await contentOf('object')
  const list = async function* () {
    yield* [id, 'f'.repeat(32)]
  }
  const swept: string[] = []
  const sweep = () =>
    recoverS3({ ...s3, blobs: { ...s3.blobs, list, delete: async (blob) => void swept.push(blob) } })
  damaged.add(wantedKey(id))
  await sweep()
  assert.deepEqual([swept, liveBlobs.size], [['f'.repeat(32)], 1])
})

test('garbage that cannot be read is not given back, and keeps no other from it', async () => {
  const { put, call, s3, intact, damaged, liveBlobs } = await withDamage()
  for (const key of ['a', 'b']) await put(key, LARGE)
  damaged.add(garbageKey('0a'))
  // Whose parts nobody knows any more.
  damaged.add('s3/p/b/00001')
  await intact.commit([
    ...['a', 'b'].map((upload) => ({ put: garbageKey(`0${upload}`), value: { upload } })),
    { put: 's3/p/b/00001', value: {} },
  ])
  await call('DeleteObject', { Bucket: 'lake', Key: 'b' })
  await s3.collector.idle()
  assert.equal(liveBlobs.size, 1)
  assert.equal((await intact.list({ prefix: 's3/g/' })).length, 2)
})

test('a bucket whose document is damaged answers 500 for itself alone, to pages of other origins too', async (t) => {
  const { metadata, blobs } = createMemoryEngine({ clock: { now: () => NOW } })
  const { store, damaged } = damageable(metadata)
  const { endpoint, call } = await serveS3(t, { engine: { metadata: store, blobs } })
  await call('CreateBucket', { Bucket: 'other' })
  damaged.add(bucketKey('lake'))
  for (const headers of [{}, { origin: 'https://page.example' }])
    for (const path of ['/lake?list-type=2', '/lake/key']) {
      const answer = await fetch(endpoint + path, { headers })
      assert.equal(answer.status, 500)
      assert.match(await answer.text(), /<Code>InternalError</)
    }
  const listed = await (await fetch(endpoint)).text()
  assert.deepEqual(
    [...listed.matchAll(/<Name>(.*?)</g)].map(([, name]) => name),
    ['other'],
  )
  assert.equal((await fetch(`${endpoint}/other?list-type=2`)).status, 200)
})

test('blobs of former versions have no checksums: their length is checked, and a copy by its MD5', async () => {
  const { put, get, refused, call, intact, contentOf, documentOf, liveBlobs } = await withDamage()
  await put('object', LARGE)
  const { id } = await contentOf('object')
  await intact.commit([{ put: wantedKey(id), value: true }])
  assert.equal(await get('object', { Range: 'bytes=9-17' }), 'standpipe')
  await call('CopyObject', { Bucket: 'lake', Key: 'copy', CopySource: 'lake/object' })
  assert.equal(await get('copy'), LARGE)
  const copied = (await intact.get<{ checksums: unknown[] }>(wantedKey((await contentOf('copy')).id)))!
  assert.equal(copied.value.checksums.length, 1)

  const blobs = liveBlobs.size
  const object = await documentOf('object')
  const document = objectKey('lake', 'object')
  await intact.commit([{ put: document, value: { ...object, etag: '0'.repeat(32) } }])
  const copy = { Bucket: 'lake', Key: 'other', CopySource: 'lake/object' }
  assert.equal((await refused('CopyObject', copy)).code, 'InternalError')
  assert.equal(liveBlobs.size, blobs)
  await intact.commit([{ put: document, value: { ...object, sizeBytes: object.sizeBytes + 1 } }])
  assert.equal((await refused('GetObject', OBJECT)).code, 'InternalError')
})
