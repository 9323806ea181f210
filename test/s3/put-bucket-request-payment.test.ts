import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundS3 } from './bound-s3.ts'
import { assertWantsBucket } from './resource-refusals.ts'

const Bucket = 'lake'

const payer = (Payer: string) => ({ Bucket, RequestPaymentConfiguration: { Payer } })

test('that the owner pays may be written, as it is read; nobody else does', async () => {
  const { call, refused } = await boundS3()
  await call('PutBucketRequestPayment', payer((await call('GetBucketRequestPayment', { Bucket })).Payer))
  assert.equal((await refused('PutBucketRequestPayment', payer('Requester'))).code, 'NotImplemented')
  assert.equal((await refused('PutBucketRequestPayment', payer('Nobody'))).code, 'MalformedXML')
})

test('PutBucketRequestPayment wants a bucket of the caller', async () => {
  await assertWantsBucket('PutBucketRequestPayment', payer('BucketOwner'))
})
