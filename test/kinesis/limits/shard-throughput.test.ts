import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createThroughput } from '../../../src/kinesis/limits/shard-throughput.ts'

const MIB = 2 ** 20

function throughput() {
  let time = 1_000
  const passed = (ms: number) => {
    time += ms
  }
  return { ...createThroughput(() => time), passed }
}

test('a shard takes a thousand records in a second', () => {
  const { admit, passed } = throughput()
  for (let count = 0; count < 1_000; count++) assert.equal(admit('write', 'a', 1), true)
  assert.equal(admit('write', 'a', 1), false)
  assert.equal(admit('write', 'b', 1), true)
  passed(999)
  assert.equal(admit('write', 'a', 1), false)
  passed(1)
  assert.equal(admit('write', 'a', 1), true)
})

test('a shard takes a mebibyte in a second, to the byte', () => {
  const { admit, passed } = throughput()
  assert.equal(admit('write', 'a', MIB - 1), true)
  assert.equal(admit('write', 'a', 2), false)
  assert.equal(admit('write', 'a', 1), true)
  assert.equal(admit('write', 'a', 1), false)
  passed(1_000)
  assert.equal(admit('write', 'a', 1), true)
})

test('a record larger than a second is taken, and paid for with the seconds that follow', () => {
  const { admit, passed } = throughput()
  assert.equal(admit('write', 'a', 3 * MIB), true)
  passed(2_999)
  assert.equal(admit('write', 'a', 1), false)
  passed(1)
  assert.equal(admit('write', 'a', 1), true)
})

test('a shard is read five times a second', () => {
  const { admit, passed } = throughput()
  for (let count = 0; count < 5; count++) assert.equal(admit('read', 'a', 0), true)
  assert.equal(admit('read', 'a', 0), false)
  assert.equal(admit('iterator', 'a', 0), true)
  passed(1_000)
  assert.equal(admit('read', 'a', 0), true)
})

test('after 10 MiB were read nothing more is for five seconds', () => {
  const { admit, add, passed } = throughput()
  admit('read', 'a', 0)
  add('read', 'a', 10 * MIB)
  passed(4_999)
  assert.equal(admit('read', 'a', 0), false)
  passed(1)
  assert.equal(admit('read', 'a', 0), true)
})

test('who waits is told how much is left, and when there is more', () => {
  const { room, add, passed } = throughput()
  assert.deepEqual(room('push', 'a'), { bytes: 2 * MIB, moreAt: 2_000 })
  add('push', 'a', 3 * MIB)
  assert.deepEqual(room('push', 'a'), { bytes: 0, moreAt: 2_500 })
  passed(1_500)
  assert.equal(room('push', 'a').bytes, 2 * MIB)
})

test('a shard that rested for minutes starts afresh', () => {
  const { admit, passed } = throughput()
  for (let count = 0; count < 1_000; count++) admit('write', 'a', 1)
  for (let minute = 0; minute < 3; minute++) {
    passed(60_001)
    assert.equal(admit('write', 'b', 1), true)
  }
  assert.equal(admit('write', 'a', 1), true)
})
