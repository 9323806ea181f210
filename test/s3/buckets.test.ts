import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BucketLocationConstraint } from '@aws-sdk/client-s3'
import type { Engine } from '../../src/engine/engine.ts'
import { createMemoryEngine } from '../../src/engine/memory/memory-engine.ts'
import { isRegion } from '../../src/s3/operations/list-buckets.ts'
import { recoverS3 } from '../../src/s3/s3.ts'
import { bodyOf, boundS3, CALLER, NOW } from './bound-s3.ts'

const LARGE = 'standpipe'.repeat(20_000)

test('a bucket is made where its location says, and is listed and described', async () => {
  const { call } = await boundS3()
  const made = await call('CreateBucket', {
    Bucket: 'west',
    CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' },
  })
  assert.deepEqual(made, { Location: '/west', BucketArn: 'arn:aws:s3:::west' })
  assert.equal((await call('HeadBucket', { Bucket: 'west' })).BucketRegion, 'eu-west-1')
  assert.deepEqual(await call('GetBucketLocation', { Bucket: 'west' }), { LocationConstraint: 'eu-west-1' })
  assert.deepEqual(await call('GetBucketLocation', { Bucket: 'lake' }), { LocationConstraint: '' })
  const lake = { Name: 'lake', CreationDate: NOW, BucketRegion: 'us-east-1', BucketArn: 'arn:aws:s3:::lake' }
  const west = { Name: 'west', CreationDate: NOW, BucketRegion: 'eu-west-1', BucketArn: 'arn:aws:s3:::west' }
  const listed = async (input: object) => (await call('ListBuckets', input)).Buckets
  assert.deepEqual(await listed({ Prefix: '' }), [lake, west])
  assert.deepEqual(await listed({ BucketRegion: 'eu-west-1' }), [west])
  assert.deepEqual(
    await listed({}),
    [lake, west].map((bucket) => ({ ...bucket, BucketRegion: undefined })),
  )
  const first = await call('ListBuckets', { MaxBuckets: 1 })
  assert.equal(first.Buckets[0].Name, 'lake')
  const second = await call('ListBuckets', { MaxBuckets: 1, ContinuationToken: first.ContinuationToken })
  assert.deepEqual([second.Buckets[0].Name, second.ContinuationToken], ['west', undefined])
})

test('buckets are listed by region, if there is such a region', async () => {
  const { call, refused } = await boundS3()
  const listed = async (BucketRegion: string, caller = CALLER) =>
    (await call('ListBuckets', { BucketRegion }, caller)).Buckets.length
  assert.equal(await listed('us-east-1'), 1)
  assert.equal(await listed('eu-west-1'), 0)
  const { code, message, fields } = await refused('ListBuckets', { BucketRegion: 'eu-east-1' })
  assert.deepEqual(
    [code, message, fields],
    [
      'InvalidArgument',
      'Argument value eu-east-1 is not a valid AWS Region',
      { ArgumentName: 'bucket-region' },
    ],
  )
  // Who signs for a region knows that it is one.
  assert.equal(await listed('local', { ...CALLER, region: 'local' }), 0)
  for (const region of ['us-east-1', ...Object.values(BucketLocationConstraint)])
    assert.equal(isRegion(region), region !== 'EU', region)
})

test('making a bucket again is fine in us-east-1 and refused elsewhere', async () => {
  const { call, refused } = await boundS3()
  await call('CreateBucket', { Bucket: 'lake' })
  const west = { Bucket: 'west', CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }
  await call('CreateBucket', west)
  assert.equal((await refused('CreateBucket', west)).code, 'BucketAlreadyOwnedByYou')
  const other = { ...CALLER, account: '000000000000' }
  assert.equal((await refused('CreateBucket', { Bucket: 'lake' }, other)).code, 'BucketAlreadyExists')
})

test('making a bucket again with tags is refused, and the tags that it has stay', async () => {
  const { call, refused } = await boundS3()
  const pond = (...Tags: object[]) => ({ Bucket: 'pond', CreateBucketConfiguration: { Tags } })
  const tag = { Key: 'team', Value: 'data' }
  await call('CreateBucket', pond(tag))
  for (const again of [pond(tag), pond({ ...tag, Value: 'other' })])
    assert.equal((await refused('CreateBucket', again)).code, 'BucketAlreadyOwnedByYou')
  for (const again of [pond(), { Bucket: 'pond' }])
    assert.equal((await call('CreateBucket', again)).BucketArn, 'arn:aws:s3:::pond')
  assert.deepEqual((await call('GetBucketTagging', { Bucket: 'pond' })).TagSet, [tag])
})

test('an ownership that is none is an invalid argument, one that would have an effect is refused by name', async () => {
  const { call, refused } = await boundS3()
  const owned = (ObjectOwnership: string) => ({ Bucket: 'pond', ObjectOwnership })
  const header = 'x-amz-object-ownership'
  for (const unknown of ['RandomValue', '']) {
    const { code, message, fields } = await refused('CreateBucket', owned(unknown))
    assert.deepEqual(
      [code, message, fields],
      ['InvalidArgument', `Invalid ${header} header: ${unknown}`, { ArgumentName: header }],
    )
  }
  const { code, status, fields } = await refused('CreateBucket', owned('ObjectWriter'))
  assert.deepEqual([code, status, fields], ['NotImplemented', 501, { Header: header }])
  await call('CreateBucket', owned('BucketOwnerEnforced'))
})

test('whoever names the owner that a bucket should have names an account', async () => {
  const { call, refused } = await boundS3()
  const expecting = (ExpectedBucketOwner: string) => ({ Bucket: 'lake', ExpectedBucketOwner })
  for (const owner of ['0000', 'abcd', '0000000000020', 'aa000000000$', '']) {
    const { code, status, message } = await refused('GetBucketPolicy', expecting(owner))
    assert.deepEqual([code, status], ['InvalidBucketOwnerAWSAccountID', 400])
    assert.equal(
      message,
      `The value of the expected bucket owner parameter must be an AWS Account ID... [${owner}]`,
    )
  }
  assert.equal((await refused('HeadBucket', expecting('999999999999'))).code, 'AccessDenied')
  await call('HeadBucket', expecting(CALLER.account))
  const copy = { Bucket: 'lake', Key: 'copy', CopySource: 'lake/key', ExpectedSourceBucketOwner: '1' }
  assert.equal((await refused('CopyObject', copy)).code, 'InvalidBucketOwnerAWSAccountID')
})

test('who signs for US, as s3cmd does, means us-east-1', async () => {
  const { call } = await boundS3()
  await call('CreateBucket', { Bucket: 'pond' }, { ...CALLER, region: 'US' })
  assert.equal((await call('GetBucketLocation', { Bucket: 'pond' })).LocationConstraint, '')
})

test('a location that AWS would not take is refused', async () => {
  const { refused } = await boundS3()
  const at = (LocationConstraint: string) => ({
    Bucket: 'new',
    CreateBucketConfiguration: { LocationConstraint },
  })
  assert.equal((await refused('CreateBucket', at('us-east-1'))).code, 'InvalidLocationConstraint')
  assert.equal((await refused('CreateBucket', at('moon'))).code, 'InvalidLocationConstraint')
  const west = { ...CALLER, region: 'eu-west-1' }
  const illegal = 'IllegalLocationConstraintException'
  for (const region of ['eu-central-1', 'us-east-1']) {
    const { code, message } = await refused('CreateBucket', at(region), west)
    assert.equal(code, illegal)
    assert.equal(
      message,
      `The ${region} location constraint is incompatible for the region specific endpoint this request was sent to.`,
    )
  }
  assert.equal((await refused('CreateBucket', { Bucket: 'new' }, west)).code, illegal)
  assert.equal((await refused('CreateBucket', { Bucket: 'New' })).code, 'InvalidBucketName')
})

test('a bucket goes only when it is empty, and with it the uploads that never ended', async () => {
  const { s3, call, refused, put, metadata, liveBlobs } = await boundS3()
  await put('object', 'abc')
  assert.equal((await refused('DeleteBucket', { Bucket: 'lake' })).code, 'BucketNotEmpty')
  assert.equal((await put('other', 'abc')).ETag.length, 34)
  for (const Key of ['object', 'other']) await call('DeleteObject', { Bucket: 'lake', Key })
  const { UploadId } = await call('CreateMultipartUpload', { Bucket: 'lake', Key: 'object' })
  const part = { Bucket: 'lake', Key: 'object', UploadId, PartNumber: 1 }
  await call('UploadPart', { ...part, Body: bodyOf(LARGE) })
  await call('DeleteBucket', { Bucket: 'lake' })
  await s3.collector.idle()
  assert.deepEqual(await metadata.list({ prefix: 's3/' }), [])
  assert.equal(liveBlobs.size, 0)
  assert.equal((await refused('HeadBucket', { Bucket: 'lake' })).code, 'NoSuchBucket')
  assert.equal((await refused('DeleteBucket', { Bucket: 'lake' })).code, 'NoSuchBucket')
})

test('no object ever lands in a bucket that is deleted at the same time', async () => {
  for (let round = 0; round < 40; round++) {
    const { metadata, put, call } = await boundS3({ engine: slowly(round) })
    const [stored, deleted] = await Promise.allSettled([
      put('object', 'abc'),
      call('DeleteBucket', { Bucket: 'lake' }),
    ])
    const left = (await metadata.list({ prefix: 's3/' })).map(({ key }) => key)
    if (deleted.status === 'fulfilled') assert.deepEqual(left, [], `round ${round}`)
    assert.equal(stored.status === 'fulfilled', left.includes('s3/o/lake\0object'), `round ${round}`)
    assert.notEqual(stored.status, deleted.status, `round ${round}`)
  }
})

/** An engine whose calls take a few turns each, a different few in every round. */
function slowly(seed: number): Engine {
  const engine = createMemoryEngine({ clock: { now: () => NOW } })
  let state = seed * 7919 + 1
  const pause = async () => {
    state = (state * 1103515245 + 12345) % 2 ** 31
    for (let turn = state % 6; turn > 0; turn--) await new Promise(setImmediate)
  }
  const { metadata } = engine
  return {
    ...engine,
    metadata: {
      ...metadata,
      get: async (key) => pause().then(() => metadata.get(key)),
      list: async (range) => pause().then(() => metadata.list(range)),
      commit: async (changes) => pause().then(() => metadata.commit(changes)),
    },
  }
}

test('what a crash left is swept at start', async () => {
  const engine = createMemoryEngine({ clock: { now: () => NOW } })
  const before = await boundS3({ engine })
  await before.put('object', LARGE)
  const orphan = await engine.blobs.create()
  await orphan.write(Buffer.from('never committed'))
  const { id: lost } = await orphan.finish()
  const [kept] = before.liveBlobs
  const blobs = {
    ...engine.blobs,
    async *list() {
      yield* [kept!, lost]
    },
  }
  const deleted: string[] = []
  await recoverS3({
    ...before.s3,
    blobs: { ...blobs, delete: async (id) => void deleted.push(id) },
  })
  assert.deepEqual(deleted, [lost])
  assert.equal(await before.get('object'), LARGE)
})
