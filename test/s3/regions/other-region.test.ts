import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CopyObjectCommand,
  CreateBucketCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3ServiceException,
} from '@aws-sdk/client-s3'
import { signedFor } from '../../wire/signed-for.ts'
import { serveS3 } from '../serve-s3.ts'

const west = { CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' as const } }

test('a bucket of another region sends there, and a client that follows finds it', async (t) => {
  const { client, endpoint, errors } = await serveS3(t)
  const east = client()
  const made = await east.send(new CreateBucketCommand({ Bucket: 'west', ...west }))
  assert.equal(made.Location, `${endpoint}/west/`)
  const object = { Bucket: 'west', Key: 'k' }
  for (const command of [
    new PutObjectCommand({ ...object, Body: 'x' }),
    new GetObjectCommand(object),
    new ListObjectsV2Command({ Bucket: 'west' }),
  ])
    await assert.rejects(east.send(command as never), (error: S3ServiceException) => {
      assert.equal(error.name, 'PermanentRedirect')
      assert.equal(error.$metadata.httpStatusCode, 301)
      assert.equal(error.$response?.headers['x-amz-bucket-region'], 'eu-west-1')
      return true
    })
  const following = client({ followRegionRedirects: true })
  await following.send(new PutObjectCommand({ ...object, Body: 'x' }))
  const { Body } = await following.send(new GetObjectCommand(object))
  assert.equal(await Body?.transformToString(), 'x')
  assert.deepEqual(errors, [])
})

test('a HEAD tells the region too, and a location is told everywhere', async (t) => {
  const { client, endpoint } = await serveS3(t)
  await client().send(new CreateBucketCommand({ Bucket: 'west', ...west }))
  const head = await fetch(`${endpoint}/west`, {
    method: 'HEAD',
    redirect: 'manual',
    headers: signedFor('s3', 'AKIDEXAMPLE', 'us-east-1'),
  })
  assert.deepEqual([head.status, head.headers.get('x-amz-bucket-region')], [301, 'eu-west-1'])
  const { LocationConstraint } = await client().send(new GetBucketLocationCommand({ Bucket: 'west' }))
  assert.equal(LocationConstraint, 'eu-west-1')
})

test('whoever signs for no region of AWS, or for none at all, reaches every bucket', async (t) => {
  const { client, endpoint } = await serveS3(t)
  await client().send(new CreateBucketCommand({ Bucket: 'west', ...west }))
  for (const region of ['eu-west-1', 'auto', 'US', '0'])
    await client({ region }).send(new HeadBucketCommand({ Bucket: 'west' }))
  const version2 = { authorization: 'AWS 123456789012:c2lnbmF0dXJl', date: new Date().toUTCString() }
  for (const headers of [{}, version2])
    assert.equal((await fetch(`${endpoint}/west?list-type=2`, { headers })).status, 200)
})

test('an object is copied from one region to another', async (t) => {
  const { client, put } = await serveS3(t)
  await put('k', 'x')
  const there = client({ region: 'eu-west-1' })
  await there.send(new CreateBucketCommand({ Bucket: 'west', ...west }))
  await there.send(new CopyObjectCommand({ Bucket: 'west', Key: 'copy', CopySource: 'lake/k' }))
  const { Body } = await there.send(new GetObjectCommand({ Bucket: 'west', Key: 'copy' }))
  assert.equal(await Body?.transformToString(), 'x')
})

test('listings say where their bucket lies, and EU stays EU', async (t) => {
  const { client, endpoint } = await serveS3(t)
  const s3 = client({ region: 'eu-west-1' })
  await s3.send(
    new CreateBucketCommand({ Bucket: 'old', CreateBucketConfiguration: { LocationConstraint: 'EU' } }),
  )
  for (const path of ['/old', '/old?list-type=2', '/old?max-keys=0'])
    assert.equal((await fetch(endpoint + path)).headers.get('x-amz-bucket-region'), 'eu-west-1', path)
  for (const list of [new ListObjectsCommand({ Bucket: 'old' }), new ListObjectsV2Command({ Bucket: 'old' })])
    assert.equal((await s3.send(list as never)).$metadata.httpStatusCode, 200)
  const { LocationConstraint } = await s3.send(new GetBucketLocationCommand({ Bucket: 'old' }))
  assert.equal(LocationConstraint, 'EU')
  assert.equal((await s3.send(new HeadBucketCommand({ Bucket: 'old' }))).BucketRegion, 'eu-west-1')
})
