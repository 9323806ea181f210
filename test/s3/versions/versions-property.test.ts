import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { newVersionId, orderOf } from '../../../src/s3/objects/version-id.ts'
import { openBucketUsage } from '../../../src/s3/usage/bucket-usage.ts'
import { type Answer, bodyOf, boundS3 } from '../bound-s3.ts'
import { lineOf, VersionModel } from './model.ts'

/** One holds a NUL, one begins with another, one has a delimiter. */
const KEYS = ['a', 'a\0', 'a\0b', 'a/b', 'b\u{1f600}', 'b\uffee']
/** Mostly one, so that much happens to it. */
const key = fc.oneof(
  { weight: 6, arbitrary: fc.constant('a/b') },
  { weight: 2, arbitrary: fc.constantFrom(...KEYS) },
)
const Bucket = 'lake'

type Step =
  | { readonly do: 'put' | 'delete' | 'copy' | 'upload'; readonly key: string }
  | OnVersion
  | OnMany
  | { readonly do: 'Enabled' | 'Suspended' | 'wait' }

interface OnVersion {
  readonly do: 'delete version' | 'restore'
  readonly key: string
  readonly nth: number
}

interface OnMany {
  readonly do: 'delete many'
  readonly keys: readonly string[]
  readonly nth: number
}

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom('put', 'delete', 'copy', 'upload'), key }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom('delete version', 'restore'), key, nth: fc.nat(5) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('delete many'),
      keys: fc.array(key, { minLength: 1, maxLength: 4 }),
      nth: fc.nat(3),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('Enabled', 'Suspended', 'wait') }) },
)

type Server = Awaited<ReturnType<typeof boundS3>>

/** Does it to both. */
async function take({ call, put, clock }: Server, model: VersionModel, done: Step, count: number) {
  if (done.do === 'wait') return await clock.advance(1_500)
  if (done.do === 'Enabled' || done.do === 'Suspended') {
    await call('PutBucketVersioning', { Bucket, VersioningConfiguration: { Status: done.do } })
    model.versioning = done.do
    return
  }
  if ('keys' in done) return await deleteMany(call, model, done)
  if ('nth' in done) return await takeVersion({ call }, model, done)
  if (!('key' in done)) return
  const { key: Key } = done
  const content = `content ${count}`
  if (done.do === 'put') model.put(Key, content, (await put(Key, content)).VersionId)
  else if (done.do === 'upload') {
    const { UploadId } = await call('CreateMultipartUpload', { Bucket, Key })
    const body = bodyOf(content)
    const { ETag } = await call('UploadPart', { Bucket, Key, UploadId, PartNumber: 1, Body: body })
    const MultipartUpload = { Parts: [{ ETag, PartNumber: 1 }] }
    model.put(
      Key,
      content,
      (await call('CompleteMultipartUpload', { Bucket, Key, UploadId, MultipartUpload })).VersionId,
    )
  } else if (done.do === 'delete') {
    const { VersionId, DeleteMarker } = await call('DeleteObject', { Bucket, Key })
    assert.equal(DeleteMarker, model.versioning && true)
    model.delete(Key, VersionId)
  } else {
    const from = KEYS.find((each) => each !== Key && model.latest(each)?.content !== undefined)
    const source = from === undefined ? undefined : model.latest(from)
    if (from === undefined || source?.content === undefined) return
    const CopySource = `${Bucket}/${encodeURIComponent(from)}`
    const copied = await call('CopyObject', { Bucket, Key, CopySource })
    assert.equal(copied.CopySourceVersionId, model.versioning && source.id)
    model.put(Key, source.content, copied.VersionId)
  }
}

async function takeVersion({ call }: Pick<Server, 'call'>, model: VersionModel, done: OnVersion) {
  const { key: Key, nth } = done
  const version = model.stack(Key)[nth]
  if (!version || !model.versioning) return
  if (done.do === 'delete version') {
    const deleted = await call('DeleteObject', { Bucket, Key, VersionId: version.id })
    assert.deepEqual(deleted, {
      VersionId: version.id,
      ...(version.content === undefined && { DeleteMarker: true }),
    })
    model.deleteVersion(Key, version.id)
  } else if (version.content !== undefined) {
    const CopySource = `${Bucket}/${encodeURIComponent(Key)}?versionId=${version.id}`
    const { VersionId } = await call('CopyObject', { Bucket, Key, CopySource })
    model.put(Key, version.content, VersionId)
  }
}

/** Half of them by version. */
async function deleteMany(call: Server['call'], model: VersionModel, { keys, nth }: OnMany) {
  const Objects = [...new Set(keys)].map((Key, index) => {
    const id = model.versioning && index % 2 === 0 ? model.stack(Key)[nth]?.id : undefined
    return { Key, ...(id !== undefined && { VersionId: id }) }
  })
  const { Deleted, Errors } = await call('DeleteObjects', { Bucket, Delete: { Objects } })
  assert.deepEqual(Errors, [])
  assert.deepEqual(Deleted.map(({ Key }: Answer) => Key).sort(), Objects.map(({ Key }) => Key).sort())
  for (const { Key, VersionId, DeleteMarkerVersionId } of Deleted)
    if (VersionId === undefined) model.delete(Key, DeleteMarkerVersionId)
    else model.deleteVersion(Key, VersionId)
}

async function assertSame({ call, get, refused }: Server, model: VersionModel, pageSize: number) {
  assert.deepEqual(await listedBy(call, pageSize, get), model.listed())
  const { Contents } = await call('ListObjectsV2', { Bucket })
  const objects = [...model.stacks].filter(([, [latest]]) => latest?.content !== undefined)
  assert.deepEqual(new Set(Contents.map(({ Key }: Answer) => Key)), new Set(objects.map(([Key]) => Key)))
  for (const [Key, stack] of model.stacks) {
    const [latest] = stack
    if (latest?.content !== undefined) assert.equal(await get(Key), latest.content)
    else {
      const { code, headers } = await refused('GetObject', { Bucket, Key })
      assert.deepEqual([code, headers?.['x-amz-version-id']], ['NoSuchKey', latest?.id])
    }
    for (const { id, content } of model.versioning ? stack : []) {
      const VersionId = id
      if (content !== undefined) assert.equal(await get(Key, { VersionId }), content)
      else assert.equal((await refused('GetObject', { Bucket, Key, VersionId })).status, 405)
    }
  }
}

/** All pages, and what is in the versions. */
async function listedBy(call: Server['call'], MaxKeys: number, get: Server['get']): Promise<string[]> {
  const lines: string[] = []
  let markers = {}
  for (;;) {
    const page = await call('ListObjectVersions', { Bucket, MaxKeys, ...markers })
    const entries = [
      ...page.Versions.map((version: Answer) => ({ ...version, isObject: true })),
      ...page.DeleteMarkers,
    ]
    assert.ok(entries.length <= MaxKeys)
    const sorted: { place: Buffer; line: string }[] = []
    for (const { Key, VersionId, IsLatest, isObject } of entries)
      sorted.push({
        place: Buffer.from(Key),
        line: lineOf(Key, VersionId, isObject ? await get(Key, { VersionId }) : undefined, IsLatest),
      })
    lines.push(...sorted.sort((one, other) => Buffer.compare(one.place, other.place)).map(({ line }) => line))
    if (!page.IsTruncated) return lines
    markers = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
  }
}

/** Versions and delete markers come in lists of their own: within a page and a key their order is not told. */
const bySets = (lines: readonly string[]) => [...lines].sort()

test('whatever is done to a bucket, its versions are those of a stack under each key', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 40, size: 'max' }),
      fc.integer({ min: 1, max: 4 }),
      async (steps, pageSize) => {
        const server = await boundS3()
        const model = new VersionModel()
        // From now on it is counted as it comes.
        await server.s3.usage.counted()
        for (const [count, each] of steps.entries()) await take(server, model, each, count)
        assert.deepEqual(bySets(await listedBy(server.call, pageSize, server.get)), bySets(model.listed()))
        await assertSame(server, model, 1)
        const all = [...model.stacks.values()].flat()
        const bytes = all.reduce((sum, { content = '' }) => sum + content.length, 0)
        const anew = openBucketUsage(server.metadata, assert.ifError)
        await anew.counted()
        for (const usage of [server.s3.usage, anew])
          assert.deepEqual(usage.of(Bucket), { objects: all.length, bytes, uploadBytes: 0 })
        await anew.close()
        // No document is left of a key that has nothing any more, and no bytes of what is gone.
        for (const [Key, stack] of model.stacks)
          for (const { id } of [...stack])
            await server.call('DeleteObject', { Bucket, Key, ...(model.versioning && { VersionId: id }) })
        await server.s3.collector.idle()
        const left = (await server.metadata.list({ prefix: 's3/' })).map(({ key: document }) => document)
        assert.deepEqual(left, ['s3/b/lake'])
        assert.equal(server.liveBlobs.size, 0)
      },
    ),
    { numRuns: Number(process.env.RUNS ?? 100) },
  )
})

test('an id tells its order, and none is made up', () => {
  fc.assert(
    fc.property(fc.nat({ max: 2 ** 40 }), fc.string(), fc.nat({ max: 31 }), (order, chance, at) => {
      const id = newVersionId(order, chance)
      assert.match(id, /^[\w.]{32}$/)
      assert.equal(orderOf(id), order)
      const other = id[at] === 'A' ? 'B' : 'A'
      assert.equal(orderOf(id.slice(0, at) + other + id.slice(at + 1)), undefined)
    }),
  )
  for (const none of [
    'null',
    '',
    'HPniJFCxqTsMuIH9KX8K8wEjNUgmABCD',
    newVersionId(1, '') + newVersionId(1, ''),
  ])
    assert.equal(orderOf(none), undefined)
})
