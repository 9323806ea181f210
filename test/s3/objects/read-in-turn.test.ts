import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readInTurn } from '../../../src/s3/content/content.ts'
import { createReaders } from '../../../src/s3/content/readers.ts'
import { textOf } from '../bound-s3.ts'

const source = (text: string) => async () =>
  (async function* () {
    for (const character of text) yield Buffer.from(character)
  })()
const failing = async () => {
  throw new Error('gone')
}

test('sources are read one after the other, each opened only when its turn has come', async () => {
  const opened: string[] = []
  let ends = 0
  const noted = (text: string) => async () => {
    opened.push(text)
    return source(text)()
  }
  const reading = readInTurn([noted('ab'), noted(''), noted('c')], () => ends++)
  assert.equal(String((await reading.next()).value), 'a')
  assert.deepEqual(opened, ['ab'])
  assert.equal(await textOf(reading), 'bc')
  assert.equal((await reading.next()).done, true)
  assert.equal(ends, 1)
})

test('the end is told once, however a reading ends', async () => {
  for (const end of [
    async (reading: AsyncIterableIterator<Uint8Array>) => reading.return?.(),
    async (reading: AsyncIterableIterator<Uint8Array>) => {
      await reading.next()
      await reading.return?.()
      assert.equal((await reading.next()).done, true)
    },
    (reading: AsyncIterableIterator<Uint8Array>) => assert.rejects(textOf(reading), /gone/),
  ]) {
    let ends = 0
    await end(readInTurn([source('ab'), failing], () => ends++))
    assert.equal(ends, 1)
  }
})

test('what is read is not given back, and what is given back is not read', async () => {
  let released = 0
  const readers = createReaders(() => released++)
  const given: string[] = []
  const giveBack = (id: string) => readers.whenUnread(id, async () => void given.push(id))
  assert.equal(readers.enter('a'), true)
  assert.equal(readers.enter('a'), true)
  assert.equal(await giveBack('a'), false)
  readers.leave('a')
  assert.equal(released, 0)
  readers.leave('a')
  assert.equal(released, 1)
  await readers.whenUnread('a', async () => assert.equal(readers.enter('a'), false))
  assert.equal(readers.enter('b'), true)
  readers.leave('b')
  assert.equal(released, 1)
  assert.equal(await giveBack('b'), true)
  assert.deepEqual(given, ['b'])
})
