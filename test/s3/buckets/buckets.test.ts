import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMemoryEngine } from '../../../src/engine/memory/memory-engine.ts'
import { recoverS3 } from '../../../src/s3/s3.ts'
import { boundS3, CALLER, NOW } from '../bound-s3.ts'

const LARGE = 'standpipe'.repeat(20_000)

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
