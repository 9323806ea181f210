import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { getLastVersion, open } from 'lmdb'
import { openDocuments } from '../../src/engine/embedded/metadata/database.ts'
import { isEngineError } from '../../src/engine/ports/engine.ts'
import { createProblems } from '../../src/metrics/problems.ts'
import { temporaryFolder } from '../process.ts'
import { openEmbedded } from './embedded-subject.ts'

test('a damaged document is refused, left out where that is asked for, and can be deleted and put over', async (t) => {
  const dataDir = join(temporaryFolder(t), 'data')
  const problems = createProblems({ now: Date.now, warn: () => {}, info: () => {} })
  const { engine, close } = await openEmbedded({ dataDir, problems })
  const { metadata } = engine
  await metadata.commit(['a', 'b', 'c', 'd'].map((key) => ({ put: `k/${key}`, value: { key } })))
  const root = open({ path: join(dataDir, 'metadata'), overlappingSync: false, eventTurnBatching: false })
  const documents = openDocuments(root)
  for (const key of ['k/b', 'k/c']) {
    const bytes = Buffer.from(documents.getBinary(Buffer.from(key))!)
    const revision = getLastVersion()
    bytes[bytes.length - 3]! ^= 4
    await documents.put(Buffer.from(key), bytes, revision)
  }
  const isDamaged = (error: unknown) => isEngineError(error, 'Damaged')
  const keys = async (limit?: number) =>
    (await metadata.list({ prefix: 'k/', damaged: 'left out', ...(limit && { limit }) })).map(
      ({ key }) => key,
    )
  await assert.rejects(metadata.get('k/b'), isDamaged)
  await assert.rejects(metadata.list({ prefix: 'k/' }), isDamaged)
  assert.equal((await metadata.list({ prefix: 'k/', limit: 1 })).length, 1)
  assert.deepEqual(
    [await keys(), await keys(2)],
    [
      ['k/a', 'k/d'],
      ['k/a', 'k/d'],
    ],
  )
  const [problem] = problems.list()
  assert.deepEqual([problem?.code, problem?.where], ['Damaged', 'metadata'])
  assert.match(problem!.what, /k\/b, k\/c$/)
  await metadata.commit([{ put: 'k/b', value: 'anew' }, { delete: 'k/c' }])
  assert.deepEqual([await keys(), problems.list()], [['k/a', 'k/b', 'k/d'], []])
  await root.close()
  await close()
})
