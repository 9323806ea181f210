import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createClock } from '../../src/clock/clock.ts'
import { createMemoryStore } from '../../src/engine/memory/memory-engine.ts'
import type { Change } from '../../src/engine/ports/engine.ts'
import { objectKey, partKey, uploadKey } from '../../src/s3/documents.ts'
import { openBucketUsage } from '../../src/s3/usage/bucket-usage.ts'

const BUCKETS = ['alpha', 'beta']
const content = { in: 'nothing' }
const object = (sizeBytes: number) => ({
  ...{
    headers: {},
    metadata: {},
    tags: [],
    storageClass: 'STANDARD',
    sizeBytes,
    etag: 'e',
    lastModified: 1,
    content,
  },
  checksum: { algorithm: 'CRC32', type: 'FULL_OBJECT', value: 'x' },
})
const part = (partNumber: number, sizeBytes: number) => ({
  ...{ partNumber, sizeBytes, etag: 'e', lastModified: 1, checksum: 'x', content },
})
const upload = (id: string, bucket: string) => ({
  ...{ id, bucket, bucketId: 'b', key: 'k', initiatedAt: 1 },
  description: { headers: {}, metadata: {}, tags: [], storageClass: 'STANDARD' },
  checksum: { algorithm: 'CRC32', type: 'FULL_OBJECT', isDefault: true },
})

const act = fc.record({
  what: fc.constantFrom('put', 'put', 'delete', 'part', 'begin', 'end'),
  bucket: fc.constantFrom(...BUCKETS),
  number: fc.nat(400),
  sizeBytes: fc.nat(1000),
})
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never

const uploadOf = ({ bucket, number }: Act) => `${bucket}-${number % 3}`

function changesOf(act: Act): Change[] {
  const { what, bucket, number, sizeBytes } = act
  const id = uploadOf(act)
  if (what === 'put') return [{ put: objectKey(bucket, `k${number}`), value: object(sizeBytes) }]
  if (what === 'delete') return [{ delete: objectKey(bucket, `k${number}`) }]
  if (what === 'begin') return [{ put: uploadKey(bucket, 'k', id), value: upload(id, bucket) }]
  if (what === 'end') return [{ delete: uploadKey(bucket, 'k', id) }]
  return [{ put: partKey(id, (number % 5) + 1), value: part((number % 5) + 1, sizeBytes) }]
}

const opened = () => {
  const clock = createClock({ mode: 'manual', onError: (error) => Promise.reject(error) })
  const store = createMemoryStore({ clock })
  return { store, engine: store.open() }
}

test('what buckets hold is the same counted as it comes, counted meanwhile, and counted anew', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(act, { maxLength: 60 }),
      fc.array(act, { maxLength: 60 }),
      async (before, meanwhile) => {
        const { engine } = opened()
        const begins = BUCKETS.flatMap((bucket) =>
          [0, 1, 2].map((number) => ({ what: 'begin', bucket, number, sizeBytes: 0 }) as const),
        )
        for (let index = 0; index < 600; index++)
          await engine.metadata.commit([{ put: objectKey('beta', `fill${index}`), value: object(1) }])
        for (const one of [...begins, ...before]) await engine.metadata.commit(changesOf(one))
        const usage = openBucketUsage(engine.metadata, (error) => assert.fail(String(error)))
        // An upload that has ended never begins again.
        const ended = before.filter(({ what }) => what === 'end').map(uploadOf)
        // Several at once, while pages are read between them.
        const counting = usage.counted()
        const doing = meanwhile
          .filter((one) => one.what !== 'end' && !(one.what === 'begin' && ended.includes(uploadOf(one))))
          .map(async (one, index) => {
            for (let turn = 0; turn < index % 7; turn++) await new Promise(setImmediate)
            await usage.metadata.commit(changesOf(one))
          })
        await Promise.all([counting, ...doing])
        const anew = openBucketUsage(engine.metadata, (error) => assert.fail(String(error)))
        await anew.counted()
        for (const bucket of BUCKETS) assert.deepEqual(usage.of(bucket), anew.of(bucket))
        for (const bucket of BUCKETS)
          for (const number of [0, 1, 2])
            await usage.metadata.commit(changesOf({ what: 'end', bucket, number, sizeBytes: 0 }))
        for (const bucket of BUCKETS) assert.equal(usage.of(bucket).uploadBytes, 0)
        await usage.close()
        await anew.close()
        await engine.close()
      },
    ),
    {
      numRuns: 40,
      examples: [
        [
          [{ what: 'end', bucket: 'alpha', number: 82, sizeBytes: 0 }],
          [
            { what: 'part', bucket: 'alpha', number: 130, sizeBytes: 1 },
            { what: 'put', bucket: 'alpha', number: 0, sizeBytes: 0 },
          ],
        ],
      ],
    },
  )
})

test('a commit that is refused counts nothing', async () => {
  const { engine } = opened()
  const usage = openBucketUsage(engine.metadata, (error) => assert.fail(String(error)))
  await usage.counted()
  const put = { put: objectKey('alpha', 'k'), value: object(10) }
  await usage.metadata.commit([{ ...put, expect: 'absent' }])
  await assert.rejects(usage.metadata.commit([{ ...put, expect: 'absent' }]))
  await assert.rejects(
    usage.metadata.commit([{ delete: objectKey('alpha', 'k') }, { check: 'x', expect: 5 }]),
  )
  assert.deepEqual(usage.of('alpha'), { objects: 1, bytes: 10, uploadBytes: 0 })
  await usage.close()
})

test('what another process has put is counted when all is counted anew', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const { store, engine } = opened()
  const usage = openBucketUsage(engine.metadata, (error) => assert.fail(String(error)))
  await usage.counted()
  await store.open().metadata.commit([{ put: objectKey('alpha', 'k'), value: object(10) }])
  await usage.metadata.commit([{ put: objectKey('alpha', 'own'), value: object(1) }])
  assert.equal(usage.of('alpha').bytes, 1)
  t.mock.timers.tick(600_000)
  for (let turn = 0; usage.of('alpha').bytes !== 11; turn++) {
    assert.ok(turn < 1_000)
    await new Promise(setImmediate)
  }
  await usage.close()
})
