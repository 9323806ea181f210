import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BucketLocationConstraint } from '@aws-sdk/client-s3'
import { isRegion } from '../../src/s3/operations/list-buckets.ts'
import { boundS3, CALLER, NOW } from './bound-s3.ts'

test('buckets are listed by name, page by page', async () => {
  const { call } = await boundS3()
  const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' }
  await call('CreateBucket', { Bucket: 'west', CreateBucketConfiguration })
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
