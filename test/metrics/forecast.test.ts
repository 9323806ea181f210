import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { msUntilFull, type RoomSample, withSample } from '../../src/metrics/forecast.ts'
import { parseSize, sizeText } from '../../src/metrics/size.ts'

const MINUTE = 60_000
const sampled = (rooms: readonly number[], everyMs = 5 * MINUTE): RoomSample[] =>
  rooms.map((roomBytes, index) => ({ at: index * everyMs, roomBytes }))

test('a disk that fills evenly is full when its room is gone at that pace', () => {
  assert.equal(msUntilFull(sampled([1000, 900, 800, 700])), 7 * 5 * MINUTE)
})

test('nothing is said with too little known, without growth, and of what is more than a year away', () => {
  assert.equal(msUntilFull([]), undefined)
  assert.equal(msUntilFull(sampled([1000, 900, 800])), undefined)
  assert.equal(msUntilFull(sampled([1000, 900, 800, 700], MINUTE)), undefined)
  assert.equal(msUntilFull(sampled([700, 700, 700, 700])), undefined)
  assert.equal(msUntilFull(sampled([700, 800, 900, 1000])), undefined)
  assert.equal(msUntilFull(sampled([1e12, 1e12 - 1, 1e12 - 2, 1e12 - 3])), undefined)
  assert.equal(msUntilFull(sampled([30, 20, 10, 0])), 0)
})

test('one large object, or one large deletion, is not taken for a trend', () => {
  const steady = Array.from({ length: 30 }, (_, index) => 100_000 - index * 100)
  const withStep = (at: number, by: number) =>
    sampled(steady.map((room, index) => (index >= at ? room + by : room)))
  for (const by of [-20_000, 20_000]) {
    const samples = withStep(20, by)
    const expected = (samples.at(-1)!.roomBytes / 100) * 5 * MINUTE
    const found = msUntilFull(samples)!
    assert.ok(found > 0.3 * expected && found < 3 * expected, `${found} of ${expected}`)
  }
  assert.equal(msUntilFull(sampled([...Array(20).fill(100_000), ...Array(3).fill(50_000)])), undefined)
})

test('what retention gives back is part of how it goes: a saw that stands still fills nothing', () => {
  const saw = Array.from({ length: 60 }, (_, index) => 100_000 - (index % 6) * 1000)
  const untilMs = msUntilFull(sampled(saw))
  assert.ok(untilMs === undefined || untilMs > 30 * 86_400_000, String(untilMs))
})

test('any samples have a forecast that is none, or a time that is not negative', () => {
  const samples = fc.array(fc.record({ at: fc.nat(10 ** 9), roomBytes: fc.nat(10 ** 12) }), { maxLength: 40 })
  fc.assert(
    fc.property(samples, (given) => {
      const untilMs = msUntilFull(given.toSorted((a, b) => a.at - b.at))
      assert.ok(untilMs === undefined || (untilMs >= 0 && Number.isFinite(untilMs)))
    }),
  )
})

test('samples are kept for six hours; those that follow at once replace one another, and a clock that goes back begins anew', () => {
  let samples: readonly RoomSample[] = []
  for (let index = 0; index < 100; index++)
    samples = withSample(samples, { at: index * 5 * MINUTE, roomBytes: 1 }, MINUTE)
  assert.equal(samples.length, 72)
  const { at } = samples.at(-1)!
  samples = withSample(samples, { at: at + 1, roomBytes: 2 }, MINUTE)
  samples = withSample(samples, { at: at + 2, roomBytes: 3 }, MINUTE)
  assert.deepEqual(samples.slice(-2), [
    { at, roomBytes: 1 },
    { at: at + 2, roomBytes: 3 },
  ])
  assert.deepEqual(withSample(samples, { at: 5, roomBytes: 4 }, MINUTE), [{ at: 5, roomBytes: 4 }])
})

test('sizes are read as people write them, and written as they are read', () => {
  const sizes = {
    '10GiB': 10 * 2 ** 30,
    '1.5 MB': 1.5 * 2 ** 20,
    '500k': 512_000,
    '12': 12,
    '3 b': 3,
    '1T': 2 ** 40,
  }
  for (const [text, bytes] of Object.entries(sizes)) assert.equal(parseSize(text), bytes, text)
  for (const text of ['', '0', '-1', 'GiB', '1 PB', '1e3', '0x10', '1.5', '99999999999T', 'off'])
    assert.equal(parseSize(text), text === '1.5' ? 2 : undefined, text)
  assert.equal(sizeText(10 * 2 ** 30), '10 GiB')
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1023 }),
      (count) => parseSize(sizeText(count * 2 ** 20)) === count * 2 ** 20,
    ),
  )
})
