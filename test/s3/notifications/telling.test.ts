import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMemoryEngine } from '../../../src/engine/memory/memory-engine.ts'
import { MOST_DEAD_LETTERS } from '../../../src/s3/telling/dead-letter.ts'
import { CALLER, NOW } from '../bound-s3.ts'
import { Bucket, HOOK, OTHER, type Told, tellingS3 } from './telling-s3.ts'

const HOUR_MS = 3_600_000
const outstanding = async ({ metadata }: Awaited<ReturnType<typeof tellingS3>>) =>
  (await metadata.list({ prefix: 's3/e/' })).length
const deadLetters = async ({ metadata }: Awaited<ReturnType<typeof tellingS3>>) =>
  (await metadata.list<{ why: string; sequencer: string }>({ prefix: 's3/d/' })).map(({ value }) => value)

test('nothing is kept of what nobody wants to be told', async (t) => {
  const s3 = await tellingS3(t, { configurations: [] })
  await s3.put('a', 'a')
  await s3.call('DeleteObject', { Bucket, Key: 'a' })
  await s3.settled()
  assert.equal(await outstanding(s3), 0)
  assert.deepEqual(s3.tried, [])
})

test('events are told in the order of their keys, each behind the one before, and forgotten then', async (t) => {
  const s3 = await tellingS3(t)
  for (let n = 0; n < 5; n++) {
    await s3.put('a', `${n}`)
    await s3.put(`b${n}`, 'b')
  }
  await s3.call('DeleteObjects', {
    Bucket,
    Delete: { Objects: [{ Key: 'a' }, { Key: 'b0' }, { Key: 'none' }] },
  })
  await s3.settled()
  const ofA = s3.told.filter(({ key }) => key === 'a')
  assert.deepEqual(
    ofA.map(({ event }) => event),
    [...Array(5).fill('ObjectCreated:Put'), 'ObjectRemoved:Delete'],
  )
  const sequencers = ofA.map(({ sequencer }) => sequencer)
  assert.deepEqual(sequencers, sequencers.toSorted())
  assert.equal(new Set(sequencers).size, sequencers.length)
  assert.ok(!s3.told.some(({ key }) => key === 'none'), 'what was never there is not told to be gone')
  assert.equal(await outstanding(s3), 0)
})

test('who does not take an event is asked later and later, in order, and said to be failing until it does', async (t) => {
  let isUp = false
  const s3 = await tellingS3(t, { refusal: () => (isUp ? undefined : 'it is down') })
  await s3.put('a', '1')
  await s3.put('a', '2')
  await s3.settled()
  const where = `the events of bucket ${Bucket} for ${HOOK}`
  assert.deepEqual(
    s3.problems.list().map(({ code, where: of, what }) => [code, of, what.includes('it is down')]),
    [['NotificationsFailing', where, true]],
  )
  const tries = []
  for (let hours = 0; hours < 6; hours++) {
    s3.tried.length = 0
    await s3.clock.advance(HOUR_MS)
    tries.push(s3.tried.filter((one) => one.sequencer === s3.tried[0]?.sequencer).length)
  }
  assert.ok(tries[0]! >= 7 && tries[0]! <= 9, `${tries}`)
  assert.ok(
    tries.slice(1).every((one) => one >= 1 && one <= 2),
    `${tries}`,
  )
  assert.deepEqual(s3.told, [])
  isUp = true
  await s3.clock.advance(HOUR_MS)
  assert.deepEqual(s3.events(), ['ObjectCreated:Put a', 'ObjectCreated:Put a'])
  assert.deepEqual(s3.problems.list(), [])
  assert.equal(await outstanding(s3), 0)
})

test('one that fails keeps no other from being told, nor do some events that nobody takes', async (t) => {
  const isPoison = ({ to, key }: Told) => to === OTHER || key.startsWith('poison')
  const s3 = await tellingS3(t, {
    refusal: (told) => (isPoison(told) ? 'never' : undefined),
    configurations: [
      { QueueArn: OTHER, Events: ['s3:ObjectRemoved:*'] },
      { QueueArn: HOOK, Events: ['s3:ObjectCreated:*'] },
    ],
  })
  for (let n = 0; n < 8; n++) await s3.put(`poison${n}`, 'x')
  await s3.put('good', '1')
  await s3.call('DeleteObject', { Bucket, Key: 'poison0' })
  await s3.settled()
  await s3.clock.advance(60_000)
  await s3.put('good', '2')
  await s3.settled()
  await s3.clock.advance(60_000)
  await s3.put('good', '3')
  await s3.settled()
  await s3.clock.advance(60_000)
  assert.deepEqual(s3.events(), Array(3).fill('ObjectCreated:Put good'))
  assert.equal(await outstanding(s3), 9)
})

test('after a day an event is a dead letter, which is sent again, or dropped', async (t) => {
  let isUp = false
  const s3 = await tellingS3(t, { refusal: () => (isUp ? undefined : 'it is down') })
  await s3.put('a', '1')
  await s3.put('b', '1')
  await s3.settled()
  await s3.clock.advance(23 * HOUR_MS)
  assert.deepEqual(await deadLetters(s3), [])
  await s3.put('late', '1')
  await s3.clock.advance(2 * HOUR_MS)
  const dead = await deadLetters(s3)
  assert.deepEqual(
    dead.map(({ why }) => why),
    ['it is down', 'it is down'],
  )
  assert.equal(await outstanding(s3), 1, 'what is not a day old is still tried')
  assert.ok(s3.problems.list().some(({ code }) => code === 'NotificationsGivenUp'))
  assert.equal(s3.notifying.counts().find(({ what }) => what === 'given up')?.events, 2)

  isUp = true
  assert.equal(
    await s3.notifying.settle({ ...{ bucket: Bucket, account: CALLER.account }, do: 'send', id: undefined }),
    2,
  )
  await s3.clock.advance(2 * HOUR_MS)
  assert.deepEqual(
    s3.events().toSorted(),
    ['a', 'b', 'late'].map((key) => `ObjectCreated:Put ${key}`),
  )
  assert.deepEqual(
    s3.told
      .filter(({ key }) => key !== 'late')
      .map(({ sequencer }) => sequencer)
      .toSorted(),
    dead.map(({ sequencer }) => sequencer).toSorted(),
    'they tell when they happened',
  )
  assert.deepEqual([await deadLetters(s3), s3.problems.list()], [[], []])

  isUp = false
  await s3.put('c', '1')
  await s3.clock.advance(26 * HOUR_MS)
  assert.equal((await deadLetters(s3)).length, 1)
  assert.equal(
    await s3.notifying.settle({ ...{ bucket: Bucket, account: CALLER.account }, do: 'drop', id: undefined }),
    1,
  )
  assert.deepEqual(await deadLetters(s3), [])
})

test('what was sent again has a day of its own', async (t) => {
  const s3 = await tellingS3(t, { refusal: () => 'it is down' })
  await s3.put('a', '1')
  await s3.clock.advance(26 * HOUR_MS)
  await s3.notifying.settle({ ...{ bucket: Bucket, account: CALLER.account }, do: 'send' })
  await s3.clock.advance(20 * HOUR_MS)
  assert.equal((await deadLetters(s3)).length, 0)
  await s3.clock.advance(6 * HOUR_MS)
  assert.equal((await deadLetters(s3)).length, 1)
})

test('dead letters are bounded by their number and their age', async (t) => {
  const s3 = await tellingS3(t, { refusal: () => 'it is down' })
  for (let n = 0; n < MOST_DEAD_LETTERS + 20; n++) await s3.put(`k${n}`, '')
  await s3.clock.advance(26 * HOUR_MS)
  assert.equal(await outstanding(s3), 0)
  const kept = await deadLetters(s3)
  assert.equal(kept.length, MOST_DEAD_LETTERS)
  await s3.clock.advance(15 * 24 * HOUR_MS)
  assert.deepEqual([await deadLetters(s3), s3.problems.list()], [[], []])
})

test('what is owed when a configuration or the bucket goes is told to whom it was meant for', async (t) => {
  let isUp = false
  const s3 = await tellingS3(t, { refusal: () => (isUp ? undefined : 'it is down') })
  await s3.put('a', '1')
  await s3.settled()
  await s3.configure([{ QueueArn: OTHER, Events: ['s3:ObjectCreated:*'] }])
  await s3.call('DeleteObject', { Bucket, Key: 'a' })
  await s3.call('DeleteBucket', { Bucket })
  isUp = true
  await s3.clock.advance(HOUR_MS)
  assert.deepEqual(
    s3.told.map(({ to, event }) => [to, event]),
    [[HOOK, 'ObjectCreated:Put']],
  )
})

test('of two on one engine one tells, and the other goes on when that is gone', async (t) => {
  const engine = createMemoryEngine({ clock: { now: () => NOW } })
  const one = await tellingS3(t, { engine })
  await one.put('a', '1')
  await one.settled()
  const other = await tellingS3(t, { engine })
  await other.put('b', '1')
  await Promise.all([one.settled(), other.settled()])
  await Promise.all([one.settled(), other.settled()])
  assert.deepEqual(one.events(), ['ObjectCreated:Put a', 'ObjectCreated:Put b'])
  assert.deepEqual(other.tried, [])
  await one.notifying.close()
  await other.put('c', '1')
  await other.settled()
  assert.deepEqual(other.events(), ['ObjectCreated:Put c'])
})

test('what was owed when a server stopped is told by the next', async (t) => {
  const engine = createMemoryEngine({ clock: { now: () => NOW } })
  const one = await tellingS3(t, { engine, refusal: () => 'it is down' })
  await one.put('a', '1')
  await one.settled()
  await one.notifying.close()
  const next = await tellingS3(t, { engine, configurations: [] })
  await next.settled()
  assert.deepEqual(next.events(), ['ObjectCreated:Put a'])
})

test('while more comes all the time, each event is told once, and the clock can be moved', async (t) => {
  const s3 = await tellingS3(t)
  const keys = Array.from({ length: 300 }, (_, n) => `k${n}`)
  let isOver = false
  const putting = Promise.all(
    Array.from({ length: 8 }, async (_, worker) => {
      for (const [n, key] of keys.entries()) if (n % 8 === worker) await s3.put(key, key)
    }),
  ).then(() => {
    isOver = true
  })
  let moves = 0
  for (; !isOver; moves++) await s3.clock.advance(60_000)
  await putting
  await s3.settled()
  assert.deepEqual(s3.told.map(({ key }) => key).toSorted(), keys.toSorted())
  // Who moves it waits for what was there then: the puts go on meanwhile.
  assert.ok(moves > 3, `it was moved ${moves} times`)
})
