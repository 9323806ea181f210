import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createClock } from '../../src/clock/clock.ts'
import { goneDocument, noteUnread, readGone } from '../../src/delivery/lineage/gone.ts'
import { createMemoryEngine } from '../../src/engine/memory/memory-engine.ts'

test('of a stream that is resharded for ever, what was gone before it was read is noted in one place', async () => {
  const { metadata } = createMemoryEngine({
    clock: createClock({ mode: 'manual', startAt: 0, onError: assert.ifError }),
  })
  const outlet = { jobId: 'job', outletName: 'objects' }
  const former = { records: 0, uncounted: true, lastAt: 1, why: 'what shard-0 had received was gone' }
  await metadata.commit(
    ['shard-0', 'shard-1'].map((log) => ({ put: `firehose/gone/job/objects/unread/${log}`, value: former })),
  )
  await metadata.commit([
    { put: 'firehose/gone/job/objects', value: { records: 3, lastAt: 2, why: 'others were' } },
    { put: 'firehose/gone/job/backup/unread/shard-0', value: former },
  ])
  for (let shard = 2; shard < 400; shard++)
    await noteUnread(metadata, outlet, { group: 'kinesis', log: `shard-${shard}` }, shard)
  const kept = await goneDocument.list(metadata, { prefix: goneDocument.keys })
  assert.deepEqual(
    kept.map(({ key }) => key),
    ['backup/unread/shard-0', 'objects', 'objects/unread'].map((name) => `firehose/gone/job/${name}`),
  )
  assert.deepEqual(await readGone(metadata, 'job'), {
    ...{ records: 3, uncounted: true, lastAt: 399 },
    why: 'what shard-399, shard-398, shard-397, shard-396, shard-395 and others had received was gone before it was read',
  })
})
