import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { type Answer, boundKinesis } from './bound-kinesis.ts'
import { withConsumer } from './with-consumer.ts'
import { StreamARN } from './with-stream.ts'

const MIB = 2 ** 20
const sizeOf = ({ Records }: Answer) =>
  Records.reduce((sum: number, { Data }: Answer) => sum + Data.length, 0)

/** A shard with `count` records of 256 KiB that a consumer is to have under AWS's limits. */
async function withBacklog(test: TestContext, count: number) {
  const writer = await withConsumer(test)
  const { logs, metadata, clock } = writer
  const reader = boundKinesis({ logs, metadata, clock, limits: 'aws' })
  const put = (sizeBytes: number) => writer.put('x'.repeat(sizeBytes))
  for (let index = 0; index < count; index++) await put(MIB / 4)
  const subscribe = () => writer.subscribe({ StartingPosition: { Type: 'TRIM_HORIZON' } }, reader)
  return { ...writer, put, subscribe }
}

const settled = async () => {
  for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate)
}
/** Whether it is there by now, without the clock. */
async function isThere(event: Promise<unknown>): Promise<boolean> {
  let isDone = false
  void event.then(() => {
    isDone = true
  })
  await settled()
  return isDone
}

test('a consumer gets two mebibytes a second of a shard, the first of them at once', async (context) => {
  const { subscribe, clock } = await withBacklog(context, 24)
  const { next } = await subscribe()
  const sizes: number[] = []
  let behindMs = -1
  let event = next()
  for (let second = 0; second < 3; second++) {
    sizes[second] = 0
    for (; await isThere(event); event = next()) {
      sizes[second]! += sizeOf(await event)
      behindMs = (await event).MillisBehindLatest
      if (second === 2 && behindMs === 0) break
    }
    await clock.advance(999)
    if (second < 2) assert.equal(await isThere(event), false)
    await clock.advance(1)
  }
  assert.deepEqual([sizes, behindMs], [[2 * MIB, 2 * MIB, 2 * MIB], 0])
})

test('what stays below two mebibytes a second is not held back', async (context) => {
  const { subscribe, put, clock } = await withBacklog(context, 0)
  const { next } = await subscribe()
  await next()
  for (let round = 0; round < 20; round++) {
    const event = next()
    await put(MIB / 2)
    assert.equal(await isThere(event), true, `round ${round}`)
    assert.equal(sizeOf(await event), MIB / 2)
    await clock.advance(250)
  }
})

test('a record larger than a second is paid for with those that follow, and silence is still five', async (context) => {
  const { call, subscribe, put, clock } = await withBacklog(context, 0)
  await call('UpdateMaxRecordSize', { StreamARN, MaxRecordSizeInKiB: 10_240 })
  await put(1.5 * MIB)
  await put(10 * MIB - 1)
  await put(1)
  const { next } = await subscribe()
  assert.equal(sizeOf(await next()), 1.5 * MIB)
  assert.equal(sizeOf(await next()), 10 * MIB - 1)
  const event = next()
  await clock.advance(4_999)
  assert.equal(await isThere(event), false)
  await clock.advance(1)
  assert.equal(await isThere(event), true)
})

test('without limits nothing is held back', async (context) => {
  const { subscribe, put } = await withConsumer(context)
  for (let index = 0; index < 24; index++) await put('x'.repeat(MIB / 4))
  const { next } = await subscribe({ StartingPosition: { Type: 'TRIM_HORIZON' } })
  let sum = 0
  while (sum < 6 * MIB) sum += sizeOf(await next())
})
