import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { METADATA_LIMITS } from '../../../src/engine/shared/document-rules.ts'
import { keptFrom, keptKey, keptPrefix, keyOfPlace } from '../../../src/s3/objects/versions/kept-version.ts'
import { written } from '../../../src/s3/objects/versions/written-key.ts'
import { type Answer, boundS3 } from '../bound-s3.ts'

const Bucket = 'lake'
/** The longest name that a bucket has. */
const longestBucket = 'b'.repeat(63)

/** Runs of NULs with little else, cut to what S3 takes. */
const key = fc
  .array(
    fc.tuple(fc.constantFrom(0, 1, 2, 3, 4, 5, 200, 510, 511, 512, 513), fc.constantFrom('', '\x01', 'a')),
    {
      maxLength: 12,
    },
  )
  .map((runs) => runs.map(([length, behind]) => '\0'.repeat(length) + behind).join(''))
  .map((text) => text.slice(0, 1024))
const runs = { numRuns: Number(process.env.RUNS ?? 500) }
const bytes = Buffer.from

test('each key has a place in which it can be read again, and which fits every engine', () => {
  const check = (text: string) => {
    const document = keptKey(longestBucket, text, 0)
    assert.equal(keyOfPlace(document.slice(keptKey(longestBucket, '', 0).indexOf('\0') + 1)), text)
    assert.ok(Buffer.byteLength(document) <= METADATA_LIMITS.keyBytes, `${Buffer.byteLength(document)} bytes`)
  }
  fc.assert(fc.property(key, check), runs)
  for (const repeated of ['\0', '\0a', 'a\0', '\0\0a', '\0\0\0a', '\0é', 'é'])
    for (let singles = 480; singles <= 530; singles++)
      check(
        bytes('\0'.repeat(singles) + repeated.repeat(1024))
          .subarray(0, 1024)
          .toString()
          .replace(/\ufffd$/, ''),
      )
})

test('the versions of keys sort as the keys do, and none stands among those of another', () => {
  const compare = (one: string, other: string) => Math.sign(Buffer.compare(bytes(one), bytes(other)))
  fc.assert(
    fc.property(key, key, fc.nat(), fc.nat(), (one, other, order, another) => {
      if (one === other) return
      assert.equal(
        compare(keptKey(Bucket, one, order), keptKey(Bucket, other, another)),
        compare(one, other),
        JSON.stringify([one, other]),
      )
    }),
    runs,
  )
})

test('what begins with a prefix lies where its prefix and its beginning say, all of it before all others there', () => {
  fc.assert(
    fc.property(fc.array(key, { minLength: 1, maxLength: 30 }), key, (keys, prefix) => {
      const places = keys
        .map((each) => ({ each, place: keptKey(Bucket, each, 1) }))
        .filter(({ place }) => place.startsWith(keptPrefix(Bucket, prefix)))
        .filter(({ place }) => place >= keptFrom(Bucket, prefix))
        .sort((one, other) => Buffer.compare(bytes(one.place), bytes(other.place)))
        .map(({ each }) => each.startsWith(prefix))
      const begin = keys.filter((each) => each.startsWith(prefix)).length
      assert.deepEqual(places.slice(0, begin), Array(begin).fill(true))
      assert.ok(!places.slice(begin).includes(true))
    }),
    runs,
  )
})

test('a key of few NULs is written as it always was', () => {
  assert.equal(written('a\0\0b\0'), 'a\0\x01\0\x01b\0\x01')
})

test('a key of nothing but NULs is usable whatever its bucket makes of versions', async () => {
  const { call, put, get, metadata } = await boundS3()
  const Key = '\0'.repeat(1024)
  await put(Key, 'first')
  await put('\0', 'another')
  const version = async (Status: string) =>
    await call('PutBucketVersioning', { Bucket, VersioningConfiguration: { Status } })
  await version('Enabled')
  const { VersionId } = await put(Key, 'second')
  assert.equal(await get(Key, { VersionId: 'null' }), 'first')
  const { VersionId: marker } = await call('DeleteObject', { Bucket, Key })
  await call('DeleteObject', { Bucket, Key, VersionId: marker })
  assert.equal(await get(Key), 'second')
  await call('CopyObject', { Bucket, Key, CopySource: `lake/${'%00'.repeat(1024)}?versionId=null` })
  await version('Suspended')
  await put(Key, 'third')
  await call('PutObjectTagging', { Bucket, Key, VersionId, Tagging: { TagSet: [{ Key: 'a', Value: 'b' }] } })
  for (const Prefix of ['\0\0', '\0'.repeat(1023), Key]) {
    const { Versions } = await call('ListObjectVersions', { Bucket, Prefix })
    assert.equal(Versions.length, 3, `of ${Prefix.length} NULs`)
  }
  const { Versions } = await call('ListObjectVersions', { Bucket })
  const Objects = Versions.map(({ Key: key, VersionId: id }: Answer) => ({ Key: key, VersionId: id }))
  assert.deepEqual((await call('DeleteObjects', { Bucket, Delete: { Objects } })).Errors ?? [], [])
  const left = (await metadata.list({ prefix: 's3/' })).map(({ key: document }) => document)
  assert.deepEqual(left, ['s3/b/lake'])
})
