import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertWantsBucket } from './resource-refusals.ts'
import { serveS3 } from './serve-s3.ts'

test('the head of a bucket tells its name in ARNs, its region, and that the name is no alias', async (t) => {
  const { endpoint } = await serveS3(t)
  const { status, headers } = await fetch(`${endpoint}/lake`, { method: 'HEAD' })
  assert.equal(status, 200)
  for (const [name, value] of [
    ['x-amz-bucket-arn', 'arn:aws:s3:::lake'],
    ['x-amz-bucket-region', 'us-east-1'],
    ['x-amz-access-point-alias', 'false'],
    ['content-type', 'application/xml'],
  ] as const)
    assert.equal(headers.get(name), value)
})

test('HeadBucket wants a bucket of the caller', async () => {
  await assertWantsBucket('HeadBucket')
})
