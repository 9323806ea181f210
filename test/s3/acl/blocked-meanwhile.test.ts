import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createClock } from '../../../src/clock/clock.ts'
import { createMemoryEngine } from '../../../src/engine/memory/memory-engine.ts'
import { bodyOf, boundS3, NOW } from '../bound-s3.ts'

const Bucket = 'lake'
const written = { Bucket, Key: 'k', ACL: 'public-read' }

/** A bucket that takes public lists; `blockBeforeCommit` ends that just before the next commit. */
async function openBucket() {
  const engine = createMemoryEngine({
    clock: createClock({ mode: 'manual', startAt: NOW, onError: assert.ifError }),
  })
  let before: (() => Promise<unknown>) | undefined
  const commit: typeof engine.metadata.commit = async (changes) => {
    const action = before
    before = undefined
    await action?.()
    return await engine.metadata.commit(changes)
  }
  const bound = await boundS3({ engine: { ...engine, metadata: { ...engine.metadata, commit } } })
  const { call, put } = bound
  const Rules = [{ ObjectOwnership: 'ObjectWriter' }]
  await call('PutBucketOwnershipControls', { Bucket, OwnershipControls: { Rules } })
  const setBlock = (BlockPublicAcls: boolean) =>
    call('PutPublicAccessBlock', { Bucket, PublicAccessBlockConfiguration: { BlockPublicAcls } })
  await setBlock(false)
  await put('source', 'x')
  await put('k', 'x')
  return {
    ...bound,
    blockBeforeCommit() {
      before = () => setBlock(true)
    },
  }
}

for (const [name, input] of [
  ['PutObjectAcl', written],
  ['PutBucketAcl', { Bucket, ACL: 'public-read' }],
  [
    'PutObject',
    {
      ...written,
      get Body() {
        return bodyOf('y')
      },
    },
  ],
  ['CopyObject', { ...written, CopySource: 'lake/source' }],
  ['CreateMultipartUpload', written],
] as const)
  test(`${name} makes nothing public that was blocked before it was written`, async () => {
    const { call, refused, blockBeforeCommit } = await openBucket()
    await call(name, input)
    await call('PutObjectAcl', { ...written, ACL: 'private' })
    await call('PutBucketAcl', { Bucket, ACL: 'private' })
    blockBeforeCommit()
    assert.equal((await refused(name, input)).code, 'AccessDenied')
    for (const { Grants } of [
      await call('GetBucketAcl', { Bucket }),
      await call('GetObjectAcl', { Bucket, Key: 'k' }),
    ])
      assert.equal(Grants.length, 1)
  })
