import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createProblems } from '../../src/metrics/problems.ts'
import { bucketKey } from '../../src/s3/documents.ts'
import { verifyAll } from '../../src/server/verify.ts'
import { openEmbedded } from '../engine/embedded-subject.ts'

test('verification names a document that is not what its key says, until it is put anew', async (t) => {
  const silent = () => undefined
  const problems = createProblems({ now: () => 0, warn: silent, info: silent })
  const { engine, close } = await openEmbedded({ problems })
  t.after(close)
  const lake = {
    name: 'lake',
    id: 'id',
    account: '000000000000',
    region: 'us-east-1',
    createdAt: 0,
    tags: [],
  }
  const verified = async () => (await verifyAll(engine, problems, new AbortController().signal)).damaged
  await engine.metadata.commit([
    { put: bucketKey('lake'), value: lake },
    { put: bucketKey('pond'), value: { ...lake, tags: 'many' } },
    { put: 'of/no/kind', value: 1 },
  ])
  const [damage, ...more] = await verified()
  assert.deepEqual(more, [])
  assert.match(damage!.what, /are not served: s3\/b\/pond$/)
  await engine.metadata.commit([{ put: bucketKey('pond'), value: { ...lake, name: 'pond' } }])
  assert.deepEqual(await verified(), [])
})
