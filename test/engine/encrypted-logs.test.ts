import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createClock } from '../../src/clock/clock.ts'
import { systemRandom } from '../../src/clock/random.ts'
import { encryptedLogs } from '../../src/engine/encrypted-logs.ts'
import { createMemoryEngine } from '../../src/engine/memory/memory-engine.ts'
import type { LogStore } from '../../src/engine/ports/engine.ts'
import { decodeRecord, encodeRecord } from '../../src/engine/ports/record.ts'
import { createProblems } from '../../src/metrics/problems.ts'

const ID = { group: 'stream', log: 'shard' }
const ALL = { entries: 1_000, bytes: 10 ** 6 }

async function open() {
  const clock = createClock({ mode: 'manual', onError: assert.ifError })
  const { logs: plain, metadata } = createMemoryEngine({ clock })
  await plain.ensureGroup(ID.group, { retentionMs: 86_400_000 })
  return { plain, metadata, logs: encryptedLogs(plain, metadata, systemRandom) }
}

const knownProblems = () => createProblems({ now: () => 0, warn: () => undefined, info: () => undefined })

const frameOf = (text: string, encrypted: boolean) =>
  encodeRecord({
    arrivalTime: 1_000,
    hashKey: new Uint8Array(16).fill(7),
    partitionKey: `key of ${text}`,
    data: Buffer.from(text),
    encrypted,
  })
const textsIn = async (logs: LogStore) =>
  (await logs.read(ID, 0, ALL)).entries.map(({ data }) => {
    const { data: text, encrypted = false } = decodeRecord(data)
    return { text: Buffer.from(text).toString(), encrypted }
  })

test('records are read as they were appended, and those that are marked lie there encrypted', async () => {
  const record = fc.record({ text: fc.string(), encrypted: fc.boolean() }, { noNullPrototype: true })
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(record, { minLength: 1 })), async (appends) => {
      const { plain, logs } = await open()
      for (const records of appends)
        await logs.append(
          ID,
          records.map(({ text, encrypted }) => frameOf(text, encrypted)),
        )
      assert.deepEqual(await textsIn(logs), appends.flat())
      const stored = (await plain.read(ID, 0, ALL)).entries
      for (const [index, { text, encrypted }] of appends.flat().entries())
        assert.equal(Buffer.from(stored[index]!.data).includes(`key of ${text}`), !encrypted)
    }),
    { numRuns: 30 },
  )
})

test('of two who need a key first, both use the same, and so does who comes later', async () => {
  const { plain, metadata, logs } = await open()
  const other = encryptedLogs(plain, metadata, systemRandom)
  await Promise.all([logs.append(ID, [frameOf('1', true)]), other.append(ID, [frameOf('2', true)])])
  const later = encryptedLogs(plain, metadata, systemRandom)
  for (const reader of [logs, other, later]) assert.equal((await textsIn(reader)).length, 2)
})

test('a record that was tampered with is left out and named; others are read, and what follows', async () => {
  const { plain, metadata, logs } = await open()
  for (const text of ['first', 'secret', 'last']) await logs.append(ID, [frameOf(text, true)])
  for (const at of [2, 10, 25, 40]) {
    const tampering: LogStore = {
      ...plain,
      async read(id, from, limits) {
        const slice = await plain.read(id, from, limits)
        const entries = slice.entries.map(({ position, data }, index) => {
          const changed = Uint8Array.from(data)
          if (from === 0 && index === 1) changed[at]! ^= 1
          return { position, data: changed }
        })
        return { ...slice, entries }
      },
    }
    const problems = knownProblems()
    const reading = encryptedLogs(tampering, metadata, systemRandom, problems)
    assert.deepEqual(
      (await textsIn(reading)).map(({ text }) => text),
      ['first', 'last'],
    )
    assert.equal((await reading.read(ID, 0, ALL)).skipped, true)
    assert.deepEqual(
      problems.list().map(({ code, where }) => [code, where]),
      [['Damaged', 'log-key/stream']],
    )
  }
})

test('records whose key is lost are left out, named, and read over', async () => {
  const { plain, metadata, logs } = await open()
  for (let count = 0; count < 5; count++) await logs.append(ID, [frameOf('lost', true)])
  const { first } = await logs.append(ID, [frameOf('plain', false)])
  await metadata.commit([{ delete: 'log-key/stream' }])
  const problems = knownProblems()
  const reading = encryptedLogs(plain, metadata, systemRandom, problems)
  const slice = await reading.read(ID, 0, { entries: 2, bytes: 1000 })
  assert.deepEqual([slice.entries.map(({ position }) => position), slice.skipped], [[first], true])
  assert.match(problems.list()[0]?.what ?? '', /their key is lost/)
  // What is appended from then on has a new key.
  await reading.append(ID, [frameOf('new', true)])
  assert.deepEqual(
    (await textsIn(reading)).map(({ text }) => text),
    ['plain', 'new'],
  )
  await reading.dropGroup(ID.group)
  assert.deepEqual(problems.list(), [])
})

test('the key goes with its group', async () => {
  const { metadata, logs } = await open()
  await logs.append(ID, [frameOf('secret', true)])
  assert.equal((await metadata.list({ prefix: 'log-key/' })).length, 1)
  await logs.dropGroup(ID.group)
  assert.deepEqual(await metadata.list({ prefix: 'log-key/' }), [])
})
