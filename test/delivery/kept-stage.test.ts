/** What a stage goes on from after a start is looked into: each of its members decides what leaves, and how often. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkpointKeyOf } from '../../src/delivery/progress/checkpoint.ts'
import { stageIdOf } from '../../src/delivery/progress/outlet.ts'
import { readRepeats } from '../../src/delivery/progress/repeats.ts'
import { loadCheckpoint } from '../../src/delivery/stage/batch.ts'
import { createMemoryEngine } from '../../src/engine/memory/memory-engine.ts'
import { isEngineError } from '../../src/engine/ports/engine.ts'
import { kindOf } from '../../src/server/documents/persisted.ts'

const JOB = { id: '00000000-0000-4000-8000-000000000001' }
const KEY = checkpointKeyOf(stageIdOf(JOB))
const LOG = { group: 'kinesis/clicks', log: 'shard-0' }
const POSITION = { ...LOG, shardId: 'shard-0', next: 7 }
const ORIGIN = { ...LOG, position: 6, part: 0 }
const VERDICTS = { ...LOG, exceeded: [[4, 0, 'time']], suspendedFrom: [5, 1] }
const BATCH = {
  ...{ to: [POSITION], ranges: [{ ...LOG, from: 3, to: 7, records: 4 }], processing: {}, at: 1000 },
  verdicts: [VERDICTS],
}
const EXCEEDING = { version: 2, inARow: 3, suspendedAt: 1000 }
const WHOLE = { positions: [POSITION], objects: 0, seen: [ORIGIN], batch: BATCH, exceeding: EXCEEDING }

async function metadataWith(value: object) {
  const { metadata } = createMemoryEngine({ clock: { now: () => 0 } })
  await metadata.commit([{ put: KEY, value }])
  return metadata
}
const isDamaged = (error: unknown) => isEngineError(error, 'Damaged')

test("a stage's progress is read as it is kept, also as former versions left it and as a line keeps its own", async () => {
  const { at: _at, verdicts: _verdicts, ranges: _ranges, ...former } = BATCH
  const line = { positions: [POSITION], objects: 3 }
  for (const value of [WHOLE, { ...WHOLE, batch: former }, { ...WHOLE, exceeding: undefined }, line]) {
    const metadata = await metadataWith(value)
    assert.deepEqual((await loadCheckpoint(metadata, JOB))?.value, value)
    assert.ok(await readRepeats(metadata, JOB))
  }
})

const withBatch = (change: object) => ({ ...WHOLE, batch: { ...BATCH, ...change } })
const withVerdicts = (change: object) => withBatch({ verdicts: [{ ...VERDICTS, ...change }] })
const withExceeding = (change: object) => ({ ...WHOLE, exceeding: { ...EXCEEDING, ...change } })

for (const [what, value] of [
  ['a batch of no kind', { ...WHOLE, batch: 'begun' }],
  ['a batch that ends nowhere', withBatch({ to: undefined })],
  ['a batch that ends at no position', withBatch({ to: [{ ...POSITION, next: '7' }] })],
  ['pieces without bounds', withBatch({ ranges: [LOG] })],
  ['no processing', withBatch({ processing: undefined })],
  ['a time of no kind', withBatch({ at: 'noon' })],
  ['verdicts of no kind', withBatch({ verdicts: {} })],
  ['verdicts on no log', withVerdicts({ log: undefined })],
  ['verdicts on nothing', withVerdicts({ exceeded: undefined })],
  ['a verdict that there is not', withVerdicts({ exceeded: [[4, 0, 'patience']] })],
  ['a verdict on no part of a record', withVerdicts({ exceeded: [[4, 'time']] })],
  ['a suspension from nowhere', withVerdicts({ suspendedFrom: [5] })],
  ['what exceeded of no kind', { ...WHOLE, exceeding: 3 }],
  ['what exceeded of no version', withExceeding({ version: undefined })],
  ['how often it exceeded of no kind', withExceeding({ inARow: '3' })],
  ['a suspension at no time', withExceeding({ suspendedAt: 'noon' })],
  ['a source that was seen to no position', { ...WHOLE, seen: [{ ...ORIGIN, part: undefined }] }],
] as const)
  test(`a stage's progress with ${what} is a damaged one, to its stage and to whoever verifies all that is kept`, async () => {
    const metadata = await metadataWith(value)
    await assert.rejects(loadCheckpoint(metadata, JOB), isDamaged)
    const [kept] = await metadata.list({ prefix: KEY })
    assert.throws(() => kindOf(KEY)!.read(metadata, kept!), isDamaged)
  })
