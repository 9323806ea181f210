import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CopyObjectCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  DeleteObjectTaggingCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  type S3Client,
  type S3ServiceException,
} from '@aws-sdk/client-s3'
import { newVersionId } from '../../../src/s3/objects/version-id.ts'
import { fetchSigned } from '../../client-access.ts'
import { serveS3 } from '../serve-s3.ts'

const Bucket = 'lake'
const k = { Bucket, Key: 'k' }

const enable = (client: S3Client, Status: 'Enabled' | 'Suspended' = 'Enabled') =>
  client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }))

const put = async (client: S3Client, Body: string, more: object = {}) =>
  (await client.send(new PutObjectCommand({ ...k, Body, ...more }))).VersionId

const read = async (client: S3Client, more: object = {}) =>
  (await client.send(new GetObjectCommand({ ...k, ...more }))).Body!.transformToString()

/** The SDK has no paginator for it. */
async function* pagesOf(client: S3Client, more: object) {
  for (let markers = {}; ; ) {
    const page = await client.send(new ListObjectVersionsCommand({ Bucket, ...more, ...markers }))
    yield page
    if (!page.IsTruncated) return
    markers = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
  }
}

/** Status and code of what is refused. */
async function refusal(call: Promise<unknown>) {
  const error = await call.then(
    () => assert.fail('not refused'),
    (failure: S3ServiceException) => failure,
  )
  return [error.$metadata.httpStatusCode, error.name] as const
}

test('each put of an object is a version that can be had; where none were, it is the null one', async (t) => {
  const { client, errors } = await serveS3(t)
  const s3 = client()
  assert.equal(await put(s3, 'zero'), undefined)
  await enable(s3)
  const first = await put(s3, 'first', { Tagging: 'n=1' })
  const second = await put(s3, 'second')
  assert.match(first!, /^[\w.]{32}$/)
  assert.equal(await read(s3), 'second')
  assert.equal(await read(s3, { VersionId: first }), 'first')
  assert.equal(await read(s3, { VersionId: first, Range: 'bytes=1-2' }), 'ir')
  assert.equal(await read(s3, { VersionId: 'null' }), 'zero')
  const head = await s3.send(new HeadObjectCommand(k))
  assert.equal(head.VersionId, second)
  const older = await s3.send(new HeadObjectCommand({ ...k, VersionId: 'null' }))
  assert.deepEqual([older.VersionId, older.ContentLength], ['null', 4])
  const etag = older.ETag!
  assert.deepEqual(await refusal(read(s3, { IfMatch: etag })), [412, 'PreconditionFailed'])
  assert.equal(await read(s3, { VersionId: 'null', IfMatch: etag }), 'zero')
  await enable(s3, 'Suspended')
  assert.equal(await put(s3, 'null again'), undefined)
  assert.equal((await s3.send(new GetObjectCommand(k))).VersionId, 'null')
  const { Versions } = await s3.send(new ListObjectVersionsCommand({ Bucket }))
  assert.deepEqual(
    Versions!.map(({ VersionId, IsLatest, Size }) => [VersionId, IsLatest, Size]),
    [
      ['null', true, 10],
      [second, false, 6],
      [first, false, 5],
    ],
  )
  assert.deepEqual(errors, [])
})

test('tags, attributes and copies are of the version that is named', async (t) => {
  const { client } = await serveS3(t)
  const s3 = client()
  await enable(s3)
  const first = await put(s3, 'first', { Tagging: 'n=1' })
  const second = await put(s3, 'second')
  const v1 = { ...k, VersionId: first }
  const tagging = await s3.send(new GetObjectTaggingCommand(v1))
  assert.deepEqual([tagging.VersionId, tagging.TagSet], [first, [{ Key: 'n', Value: '1' }]])
  const Tagging = { TagSet: [{ Key: 'n', Value: '2' }] }
  assert.equal((await s3.send(new PutObjectTaggingCommand({ ...v1, Tagging }))).VersionId, first)
  assert.deepEqual((await s3.send(new GetObjectTaggingCommand(v1))).TagSet, Tagging.TagSet)
  assert.deepEqual((await s3.send(new GetObjectTaggingCommand(k))).TagSet, [])
  assert.equal((await s3.send(new DeleteObjectTaggingCommand(v1))).VersionId, first)
  const attributes = await s3.send(
    new GetObjectAttributesCommand({ ...v1, ObjectAttributes: ['ObjectSize'] }),
  )
  assert.deepEqual([attributes.VersionId, attributes.ObjectSize], [first, 5])
  const CopySource = `lake/k?versionId=${first}`
  const restored = await s3.send(new CopyObjectCommand({ ...k, CopySource }))
  assert.equal(restored.CopySourceVersionId, first)
  assert.ok(![first, second, undefined].includes(restored.VersionId))
  assert.equal(await read(s3), 'first')
  const onItself = s3.send(new CopyObjectCommand({ ...k, CopySource: 'lake/k' }))
  assert.deepEqual(await refusal(onItself), [400, 'InvalidRequest'])
})

test('a delete marker hides an object, and is itself nothing that can be had', async (t) => {
  const { client, endpoint } = await serveS3(t)
  const s3 = client()
  await enable(s3)
  const first = await put(s3, 'first')
  const deleted = await s3.send(new DeleteObjectCommand(k))
  assert.equal(deleted.DeleteMarker, true)
  const marker = deleted.VersionId!
  assert.deepEqual(await refusal(read(s3)), [404, 'NoSuchKey'])
  assert.deepEqual(await refusal(read(s3, { VersionId: marker })), [405, 'MethodNotAllowed'])
  const get = (path: string, method = 'GET') => fetch(`${endpoint}/lake/${path}`, { method })
  for (const method of ['GET', 'HEAD']) {
    const hidden = await get('k', method)
    assert.deepEqual(
      [hidden.status, hidden.headers.get('x-amz-delete-marker'), hidden.headers.get('x-amz-version-id')],
      [404, 'true', marker],
    )
    const itself = await get(`k?versionId=${marker}`, method)
    assert.deepEqual(
      ['x-amz-delete-marker', 'allow', 'x-amz-version-id'].map((name) => itself.headers.get(name)),
      ['true', 'DELETE', marker],
    )
    assert.ok(Date.parse(itself.headers.get('last-modified')!) > 0)
    if (method === 'GET') assert.match(await itself.text(), /<ResourceType>DeleteMarker</)
  }
  const copy = s3.send(new CopyObjectCommand({ ...k, CopySource: `lake/k?versionId=${marker}` }))
  assert.deepEqual(await refusal(copy), [400, 'InvalidRequest'])
  assert.deepEqual(await refusal(s3.send(new DeleteBucketCommand({ Bucket }))), [409, 'BucketNotEmpty'])
  const undone = await s3.send(new DeleteObjectCommand({ ...k, VersionId: marker }))
  assert.deepEqual([undone.VersionId, undone.DeleteMarker], [marker, true])
  assert.equal(await read(s3), 'first')
  // Whoever deletes a version that is gone is told the same.
  for (const _ of ['once', 'again']) {
    const gone = await s3.send(new DeleteObjectCommand({ ...k, VersionId: first }))
    assert.deepEqual([gone.VersionId, gone.DeleteMarker], [first, undefined])
  }
  assert.deepEqual(await refusal(read(s3, { VersionId: first })), [404, 'NoSuchVersion'])
  await s3.send(new DeleteBucketCommand({ Bucket }))
})

test('a version that there cannot be is no argument; one that may have been is not there', async (t) => {
  const { client } = await serveS3(t)
  const s3 = client()
  const ours = newVersionId(1, 'any')
  const theirs = 'HPniJFCxqTsMuIH9KX8K8wEjNUgmABCD'
  await put(s3, 'x')
  for (const VersionId of [ours, theirs])
    assert.deepEqual(await refusal(read(s3, { VersionId })), [400, 'InvalidArgument'])
  await enable(s3)
  assert.deepEqual(await refusal(read(s3, { VersionId: theirs })), [400, 'InvalidArgument'])
  assert.deepEqual(await refusal(read(s3, { VersionId: ours })), [404, 'NoSuchVersion'])
  const remove = s3.send(new DeleteObjectCommand({ ...k, VersionId: theirs }))
  assert.deepEqual(await refusal(remove), [400, 'InvalidArgument'])
})

test('many are deleted by version and without, each answered as it was', async (t) => {
  const { client } = await serveS3(t)
  const s3 = client()
  await enable(s3)
  const [first, second] = [await put(s3, '1'), await put(s3, '2')]
  const Objects = [
    { Key: 'k', VersionId: first },
    { Key: 'k' },
    { Key: 'never' },
    { Key: 'k', VersionId: 'HPniJFCxqTsMuIH9KX8K8wEjNUgmABCD' },
  ]
  const { Deleted, Errors } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }))
  assert.deepEqual(
    Errors!.map(({ Key, Code }) => [Key, Code]),
    [['k', 'NoSuchVersion']],
  )
  const byVersion = Deleted!.find(({ VersionId }) => VersionId !== undefined)
  assert.deepEqual([byVersion?.VersionId, byVersion?.DeleteMarker], [first, undefined])
  const markers = Deleted!.filter(({ DeleteMarker }) => DeleteMarker)
  assert.deepEqual(markers.map(({ Key }) => Key).sort(), ['k', 'never'])
  const marker = markers.find(({ Key }) => Key === 'k')!.DeleteMarkerVersionId!
  const again = { Objects: [{ Key: 'k', VersionId: marker }] }
  assert.deepEqual((await s3.send(new DeleteObjectsCommand({ Bucket, Delete: again }))).Deleted, [
    { Key: 'k', VersionId: marker, DeleteMarker: true, DeleteMarkerVersionId: marker },
  ])
  assert.equal((await s3.send(new HeadObjectCommand(k))).VersionId, second)
})

test('who deletes each page of versions before asking for the next one deletes them all', async (t) => {
  const { client } = await serveS3(t)
  const s3 = client()
  for (const Key of ['a', 'b']) await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'null' }))
  await enable(s3)
  for (const Key of ['a', 'b', 'c'])
    for (const Body of ['1', '2', '3']) await s3.send(new PutObjectCommand({ Bucket, Key, Body }))
  for (const Key of ['a', 'c', 'd']) await s3.send(new DeleteObjectCommand({ Bucket, Key }))
  for await (const page of pagesOf(s3, { MaxKeys: 2 })) {
    const Objects = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].map(({ Key, VersionId }) => ({
      ...{ Key, VersionId },
    }))
    await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }))
  }
  await s3.send(new DeleteBucketCommand({ Bucket }))
})

test('versions and delete markers stand in one sequence, each key with its newest first, as clients read them', async (t) => {
  const { client, endpoint } = await serveS3(t)
  const s3 = client()
  await enable(s3)
  const versions = new Map<string | undefined, string>()
  const act = async (name: string, Key: string, body?: string) => {
    const command =
      body === undefined
        ? new DeleteObjectCommand({ Bucket, Key })
        : new PutObjectCommand({ Bucket, Key, Body: body })
    versions.set((await s3.send(command)).VersionId, name)
  }
  await act('a, first', 'a', 'first')
  await act('a, deleted', 'a')
  await act('a, second', 'a', 'second')
  await act('b, deleted', 'b')
  await act('c, first', 'c', 'first')
  await act('c, deleted', 'c')
  const xml = await (await fetchSigned(`${endpoint}/${Bucket}?versions`)).text()
  const read = [...xml.matchAll(/<(Version|DeleteMarker)>.*?<VersionId>(.*?)<\/VersionId>/g)]
  assert.deepEqual(
    read.map(([, element, id]) => [element, versions.get(id)]),
    [
      ['Version', 'a, second'],
      ['DeleteMarker', 'a, deleted'],
      ['Version', 'a, first'],
      ['DeleteMarker', 'b, deleted'],
      ['DeleteMarker', 'c, deleted'],
      ['Version', 'c, first'],
    ],
  )
  assert.doesNotMatch(xml, /Place/)
  const page = await s3.send(new ListObjectVersionsCommand({ Bucket }))
  const namesOf = (entries: readonly { VersionId?: string | undefined }[] = []) =>
    entries.map(({ VersionId }) => versions.get(VersionId))
  assert.deepEqual(namesOf(page.Versions), ['a, second', 'a, first', 'c, first'])
  assert.deepEqual(namesOf(page.DeleteMarkers), ['a, deleted', 'b, deleted', 'c, deleted'])
})

test('pages of versions fold, begin behind their markers, and say where the next one begins', async (t) => {
  const { client } = await serveS3(t)
  const s3 = client()
  await enable(s3)
  for (const Key of ['a/1', 'a/2', 'b', 'c/0'])
    for (const Body of ['1', '2']) await s3.send(new PutObjectCommand({ Bucket, Key, Body }))
  const list = async (more: object) => {
    const page = await s3.send(new ListObjectVersionsCommand({ Bucket, ...more }))
    return {
      keys: page.Versions?.map(({ Key, IsLatest }) => `${Key}${IsLatest ? '*' : ''}`) ?? [],
      prefixes: page.CommonPrefixes?.map(({ Prefix }) => Prefix) ?? [],
      next: page.NextKeyMarker,
      nextVersion: page.NextVersionIdMarker,
    }
  }
  const all = await list({ Delimiter: '/' })
  assert.deepEqual(all, {
    keys: ['b*', 'b'],
    prefixes: ['a/', 'c/'],
    next: undefined,
    nextVersion: undefined,
  })
  const first = await list({ Delimiter: '/', MaxKeys: 1 })
  assert.deepEqual(first, { keys: [], prefixes: ['a/'], next: 'a/', nextVersion: undefined })
  const second = await list({ Delimiter: '/', MaxKeys: 1, KeyMarker: 'a/' })
  assert.deepEqual([second.keys, second.next], [['b*'], 'b'])
  const third = await list({ Delimiter: '/', KeyMarker: 'b', VersionIdMarker: second.nextVersion })
  assert.deepEqual([third.keys, third.prefixes], [['b'], ['c/']])
  assert.deepEqual((await list({ KeyMarker: 'a/2' })).keys, ['b*', 'b', 'c/0*', 'c/0'])
  assert.deepEqual((await list({ Prefix: 'a/', MaxKeys: 3 })).keys, ['a/1*', 'a/1', 'a/2*'])
  // Whatever a delimiter is, no place of a version is taken for a prefix.
  for (const Delimiter of '0123456789abcdef~') {
    const pages: string[] = []
    for await (const page of pagesOf(s3, { MaxKeys: 1, Delimiter, Prefix: 'b' }))
      pages.push(...(page.Versions ?? []).map(({ Key }) => Key!))
    assert.deepEqual(pages, ['b', 'b'])
  }
})
