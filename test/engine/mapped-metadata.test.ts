import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { openDatabase, openDocuments, transact } from '../../src/engine/embedded/metadata/database.ts'
import { temporaryFolder } from '../process.ts'

const SKIPPED = process.platform !== 'linux' && 'what is mapped is read from /proc, which only Linux has'
const DOCUMENTS = 2_000
const DOCUMENT_BYTES = 4_096

test('metadata that grow stay one piece of memory', { skip: SKIPPED }, async (t) => {
  const folder = temporaryFolder(t)
  const root = openDatabase(folder)
  t.after(() => root.close())
  const documents = openDocuments(root)
  for (let first = 0; first < DOCUMENTS; first += 100)
    await transact(root, () => {
      for (let one = first; one < first + 100; one++)
        documents.put(Buffer.from(`document ${one}`), Buffer.alloc(DOCUMENT_BYTES), 1)
    })
  assert.equal([...documents.getRange({})].length, DOCUMENTS)
  const maps = readFileSync('/proc/self/maps', 'utf8').split('\n')
  assert.equal(maps.filter((line) => line.endsWith(`${folder}/data.mdb`)).length, 1)
})
