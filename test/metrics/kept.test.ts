import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { freeze } from '../../src/engine/shared/document-rules.ts'
import { createMeters } from '../../src/metrics/create-meters.ts'
import type { AgeTier } from '../../src/metrics/meters.ts'

const HOUR = 3_600_000
const EXTENDED = 'kinesis-on-demand-extended-retention-byte-hours'
const LONG_TERM = 'kinesis-long-term-retention-byte-hours'
const tiers = (hours: number): AgeTier[] => [
  { meter: EXTENDED, fromHours: 24, untilHours: Math.min(hours, 168) },
  { meter: LONG_TERM, fromHours: 168, untilHours: hours },
]

/** Meters on a clock that the test sets, in hours. */
function metersAt(start = 0) {
  let time = start * HOUR
  const meters = createMeters({ clock: { now: () => time } })
  return {
    ...meters,
    retain: (hours: number) => meters.retain('a', hours, tiers(hours)),
    arrive: (bytes: number) => meters.arrive('a', bytes),
    at: (hour: number) => {
      time = hour * HOUR
    },
    byteHours: () => {
      const { used } = meters.usage(time)
      return [used[EXTENDED] ?? 0, used[LONG_TERM] ?? 0]
    },
  }
}

test('bytes are billed while they are between two ages', () => {
  const { retain, arrive, at, byteHours } = metersAt()
  retain(200)
  arrive(10)
  const readings: [hour: number, extended: number, longTerm: number][] = [
    [24, 0, 0],
    [25, 10, 0],
    [168, 1_440, 0],
    [170, 1_440, 20],
    [1_000, 1_440, 320],
  ]
  for (const [hour, ...wanted] of readings) {
    at(hour)
    assert.deepEqual(byteHours(), wanted, `${hour} h`)
  }
})

test('nothing is billed that is gone before it is old enough', () => {
  const { retain, arrive, at, byteHours, snapshot } = metersAt()
  arrive(10)
  retain(24)
  arrive(10)
  at(500)
  assert.deepEqual(byteHours(), [0, 0])
  arrive(10)
  assert.deepEqual(snapshot().kept?.[0]?.arrivals, [[500 * HOUR, 10]])
  retain(0)
  at(900)
  assert.deepEqual([byteHours(), snapshot().kept], [[0, 0], []])
})

test('another retention holds for what is there from then on', () => {
  const { retain, arrive, at, byteHours } = metersAt()
  retain(24)
  arrive(1)
  at(23)
  retain(48)
  at(30)
  assert.deepEqual(byteHours(), [6, 0])
  retain(24)
  at(40)
  retain(8_760)
  at(100)
  assert.deepEqual(byteHours(), [6, 0])
})

test('however often it is looked at, saved or said again in between, the same comes out, as if each was reckoned alone', () => {
  const step = fc.record({ afterHours: fc.double({ min: 0, max: 90, noNaN: true }), bytes: fc.nat(1_000) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 15 }), fc.integer({ min: 24, max: 400 }), (steps, hours) => {
      const [plain, watched] = [metersAt(), metersAt()]
      plain.retain(hours)
      watched.retain(hours)
      const arrived: [hour: number, bytes: number][] = []
      let hour = 0
      for (const { afterHours, bytes } of steps) {
        hour += afterHours
        arrived.push([hour, bytes])
        for (const one of [plain, watched]) {
          one.at(hour)
          one.arrive(bytes)
        }
        watched.byteHours()
        watched.retain(hours)
        watched.restore(freeze(JSON.parse(JSON.stringify(watched.snapshot()))))
      }
      for (const one of [plain, watched]) one.at(hour + 100)
      const [extended, longTerm] = plain.byteHours()
      assert.ok(Math.abs(watched.byteHours()[0]! - extended!) < 0.01)
      assert.ok(Math.abs(watched.byteHours()[1]! - longTerm!) < 0.01)
      const alone = (from: number, until: number) =>
        arrived.reduce((sum, [at, bytes]) => {
          const age = Math.min(hour + 100 - at, until)
          return sum + bytes * Math.max(0, age - from)
        }, 0)
      const total = arrived.reduce((sum, [, bytes]) => sum + bytes, 0)
      // What comes within an hour counts as if it came with the first.
      assert.ok(Math.abs(extended! - alone(24, Math.min(hours, 168))) <= total)
      assert.ok(Math.abs(longTerm! - alone(168, hours)) <= total)
    }),
  )
})
