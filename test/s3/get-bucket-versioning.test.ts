import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GetBucketVersioningCommand } from '@aws-sdk/client-s3'
import { assertWantsBucket } from './resource-refusals.ts'
import { serveS3 } from './serve-s3.ts'

test('a bucket never had versions', async (t) => {
  const { client, errors } = await serveS3(t)
  const answer = await client().send(new GetBucketVersioningCommand({ Bucket: 'lake' }))
  assert.deepEqual(answer.Status, undefined)
  assert.deepEqual(errors, [])
})

test('GetBucketVersioning wants a bucket of the caller', async () => {
  await assertWantsBucket('GetBucketVersioning')
})
