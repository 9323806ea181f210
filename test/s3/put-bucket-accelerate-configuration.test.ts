import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundS3 } from './bound-s3.ts'
import { assertWantsBucket } from './resource-refusals.ts'

const Bucket = 'lake'

const acceleration = (Status?: string) => ({ Bucket, AccelerateConfiguration: { Status } })

test('acceleration may be suspended, and is then read so', async () => {
  const { call, refused } = await boundS3()
  assert.equal((await call('GetBucketAccelerateConfiguration', { Bucket })).Status, undefined)
  await call('PutBucketAccelerateConfiguration', acceleration('Suspended'))
  assert.equal((await call('GetBucketAccelerateConfiguration', { Bucket })).Status, 'Suspended')
  assert.equal(
    (await refused('PutBucketAccelerateConfiguration', acceleration('Enabled'))).code,
    'NotImplemented',
  )
  assert.equal((await refused('PutBucketAccelerateConfiguration', acceleration())).code, 'MalformedXML')
})

test('PutBucketAccelerateConfiguration wants a bucket of the caller', async () => {
  await assertWantsBucket('PutBucketAccelerateConfiguration', acceleration('Suspended'))
})
