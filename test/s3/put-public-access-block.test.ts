import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GetPublicAccessBlockCommand, PutPublicAccessBlockCommand } from '@aws-sdk/client-s3'
import { assertWantsBucket } from './resource-refusals.ts'
import { serveS3 } from './serve-s3.ts'

test('PutPublicAccessBlock says what is blocked, and nothing else is', async (t) => {
  const { client, errors } = await serveS3(t)
  const s3 = client()
  await s3.send(
    new PutPublicAccessBlockCommand({
      Bucket: 'lake',
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
    }),
  )
  const answer = await s3.send(new GetPublicAccessBlockCommand({ Bucket: 'lake' }))
  assert.deepEqual(answer.PublicAccessBlockConfiguration, {
    BlockPublicAcls: true,
    IgnorePublicAcls: false,
    BlockPublicPolicy: false,
    RestrictPublicBuckets: true,
  })
  assert.deepEqual(errors, [])
})

test('PutPublicAccessBlock wants a bucket of the caller', async () => {
  await assertWantsBucket('PutPublicAccessBlock', { PublicAccessBlockConfiguration: {} })
})
