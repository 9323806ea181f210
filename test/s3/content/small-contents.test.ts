import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EngineError } from '../../../src/engine/ports/engine.ts'
import { createSmallContents } from '../../../src/s3/content/small-contents.ts'
import { inlineKey } from '../../../src/s3/documents.ts'

/** A store that has contents of 10 bytes under these ids, and what was read of it. */
function storeOf(...ids: string[]) {
  const read: string[] = []
  const keys = new Map(ids.map((id) => [inlineKey(id), id]))
  const get = async (key: string): Promise<never> => {
    const id = keys.get(key)
    read.push(id ?? 'nothing')
    return (id && { key, value: Buffer.from(id.padEnd(10)), revision: 1 }) as never
  }
  const condemn = (key: string) => new EngineError('Damaged', key)
  return { get, condemn, read }
}

test('those contents that were read last are read from the store once', async () => {
  const store = storeOf('a', 'b', 'c', 'd')
  const contents = createSmallContents(store, 30)
  const read = async (id: string) => String(await contents.read(id)).trim()
  for (const id of ['a', 'b', 'c', 'a', 'b', 'c']) assert.equal(await read(id), id)
  assert.deepEqual(store.read, ['a', 'b', 'c'])
  await read('a')
  await read('d')
  await read('a')
  await read('c')
  assert.deepEqual(store.read, ['a', 'b', 'c', 'd'])
  await read('b')
  assert.deepEqual(store.read, ['a', 'b', 'c', 'd', 'b'])
})

test('many who read the same content at once take its place once', async () => {
  const store = storeOf('a', 'b')
  const contents = createSmallContents(store, 20)
  await Promise.all(['a', 'a', 'a', 'b'].map((id) => contents.read(id)))
  const before = store.read.length
  await Promise.all(['a', 'b'].map((id) => contents.read(id)))
  assert.equal(store.read.length, before)
})

test('a content that is not there is looked for each time, and one that is too large is not kept', async () => {
  const store = storeOf('a')
  const contents = createSmallContents(store, 9)
  for (const id of ['x', 'x', 'a', 'a']) await contents.read(id)
  assert.deepEqual(store.read, ['nothing', 'nothing', 'a', 'a'])
})
