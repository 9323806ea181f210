import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  blocksOf,
  encodeFrame,
  entriesOf,
  frameEnd,
  type NewBlock,
} from '../../src/engine/embedded/log/frame.ts'
import { scanWal } from '../../src/engine/embedded/log/wal.ts'
import { walOf } from './wal-bytes.ts'

const marker = Buffer.from('8 bytes!')
const block = fc.record(
  {
    groupId: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    log: fc.string({ unit: 'binary', maxLength: 20 }),
    kind: fc.constantFrom('entries' as const, 'seal' as const),
    first: fc.nat(Number.MAX_SAFE_INTEGER - 100),
    entries: fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 5 }),
  },
  { noNullPrototype: true },
)
const blocks = fc.array(block, { minLength: 1, maxLength: 5 })
const parsed = (frame: Buffer, start: number, end: number): NewBlock[] =>
  [...blocksOf(frame, start, end)].map(({ groupId, log, kind, first, ...stored }) => ({
    groupId,
    log,
    kind,
    first,
    entries: [...entriesOf({ first, ...stored }, 0)].map(({ data }) => Uint8Array.from(data)),
  }))

test('the blocks of a frame are read back, wherever it lies', () => {
  fc.assert(
    fc.property(
      blocks,
      fc.uint8Array({ maxLength: 20 }),
      fc.uint8Array({ maxLength: 20 }),
      (given, before, after) => {
        const { frame } = encodeFrame(marker, given)
        const file = Buffer.concat([before, frame, after])
        assert.equal(frameEnd(file, before.length, marker), before.length + frame.length)
        assert.deepEqual(parsed(file, before.length, before.length + frame.length), given)
      },
    ),
  )
})

test('what is kept in memory of a frame finds the same entries, from any position', () => {
  fc.assert(
    fc.property(block, fc.nat(7), (given, skip) => {
      const { stored } = encodeFrame(marker, [given, given])
      for (const each of stored)
        assert.deepEqual(
          [...entriesOf(each, given.first + skip)].map(({ position, data }) => [
            position,
            Uint8Array.from(data),
          ]),
          given.entries.map((data, index) => [given.first + index, data]).slice(skip),
        )
    }),
  )
})

test('a frame that was cut anywhere, or has any bit flipped, is none', () => {
  const { frame } = encodeFrame(marker, [
    { groupId: 1, log: 'a', kind: 'entries', first: 7, entries: [Buffer.from('data')] },
  ])
  for (let length = 0; length < frame.length; length++)
    assert.equal(frameEnd(frame.subarray(0, length), 0, marker), undefined)
  for (let bit = 0; bit < frame.length * 8; bit++) {
    const flipped = Buffer.from(frame)
    flipped[bit >> 3]! ^= 1 << (bit & 7)
    assert.equal(frameEnd(flipped, 0, marker), undefined, `bit ${bit}`)
  }
})

const texts = (...entries: string[]) => entries.map((text) => Buffer.from(text))
const wal = await walOf([texts('one', 'two'), texts('three'), texts('four')])
const UNKNOWN = { end: 0, floor: 0 }
const firstsIn = (file: Buffer) => scanWal(file, UNKNOWN)?.blocks.map(({ first }) => first)
const end = wal.ends.at(-1)!

test('a write-ahead log may end anywhere behind what is known of it: the whole frames before are there, and nothing else', () => {
  for (let length = 0; length <= wal.file.length; length++)
    for (const zeros of [0, 500]) {
      const whole = wal.ends.filter((end) => end <= length).length - 1
      const file = Buffer.concat([wal.file.subarray(0, length), Buffer.alloc(zeros)])
      const scanned = scanWal(file, { end: wal.ends[Math.max(0, whole)]!, floor: 0 })
      assert.equal(scanned === undefined, whole < 0, `cut at ${length}`)
      if (!scanned) continue
      assert.deepEqual([scanned.blocks.length, scanned.end], [whole, wal.ends[whole]])
      assert.deepEqual([scanned.gaps, scanned.isSuspect], [[], false])
    }
})

test('a write-ahead log that ends before what is known of it has a gap there', () => {
  for (let length = wal.ends[0]!; length < wal.file.length; length++) {
    const scanned = scanWal(wal.file.subarray(0, length), { end, floor: 0 })!
    const from = wal.ends.findLast((one) => one <= length)
    assert.deepEqual(
      scanned.gaps.map((gap) => [gap.from, gap.to]),
      [[from, end]],
    )
  }
})

test('a flipped bit anywhere before the last frame is a gap of that frame, which tells what it held, and no other', () => {
  const lastFrame = wal.ends.at(-2)!
  for (let at = wal.ends[0]!; at < lastFrame; at++) {
    const flipped = Buffer.from(wal.file)
    flipped[at]! ^= 0x10
    const frame = wal.ends.findLastIndex((one) => one <= at)
    const scanned = scanWal(flipped, UNKNOWN)!
    assert.deepEqual(
      scanned.blocks.map(({ first }) => first),
      [1, 3, 4].filter((_, index) => index !== frame),
    )
    const [gap] = scanned.gaps
    assert.deepEqual([gap?.from, gap?.to], [wal.ends[frame], wal.ends[frame + 1]], `byte ${at}`)
    const isInData = at >= wal.ends[frame + 1]! - 3
    if (isInData)
      assert.deepEqual(
        gap?.blocks.map(({ log, count }) => [log, count]),
        [['a', frame === 0 ? 2 : 1]],
      )
  }
})

test('whoever knows the marker reads on behind a damaged head; without it nothing can be found', () => {
  const marker = wal.file.subarray(8, 16)
  for (let at = 0; at < wal.ends[0]!; at++) {
    const flipped = Buffer.from(wal.file)
    flipped[at]! ^= 0x10
    assert.equal(scanWal(flipped, UNKNOWN), undefined)
    const scanned = scanWal(flipped, { marker, end, floor: 7 })!
    assert.deepEqual([scanned.blocks.length, scanned.floor, scanned.gaps[0]?.from], [3, 7, 0])
  }
})

test('a flipped bit in the last frame is never served, and is told apart from a torn write', () => {
  const lastFrame = wal.ends.at(-2)!
  for (let at = lastFrame; at < wal.file.length; at++) {
    const flipped = Buffer.from(wal.file)
    flipped[at]! ^= 0x10
    const scanned = scanWal(flipped, UNKNOWN)!
    assert.deepEqual([scanned.end, scanned.blocks.length], [lastFrame, 2])
    if (at >= lastFrame + 12) assert.equal(scanned.isSuspect, true)
    assert.equal(scanWal(flipped, { end, floor: 0 })!.gaps.length, 1)
  }
})

test('a record that holds a frame of another file does not count as one', async () => {
  const forged = await walOf([[wal.file.subarray(wal.ends[0])]])
  const torn = forged.file.subarray(0, -1)
  assert.deepEqual(firstsIn(torn), [])
})
