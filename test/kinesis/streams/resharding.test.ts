import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parentsOf, uniformHashKeyRanges } from '../../../src/kinesis/shards/shard.ts'
import {
  nextStep,
  parentsOfStep,
  reshard,
  scaledTo,
  takeStep,
} from '../../../src/kinesis/streams/resharding.ts'
import { createStream, openShardsOf, type Stream } from '../../../src/kinesis/streams/stream.ts'
import { NOW } from '../bound-kinesis.ts'

const HALF = String(2n ** 127n)
const stream = (shardCount: number): Stream =>
  createStream({
    creationId: 'one',
    mode: 'PROVISIONED',
    shardCount,
    maxRecordSizeInKiB: 1_024,
    tags: {},
    now: NOW,
    activeAt: NOW,
  })

/** Takes all steps; position 7 for every seal. */
function done(before: Stream): Stream {
  let current = before
  for (let steps = 0; current.resharding; steps++) {
    assert.ok(steps < 40, 'it does not come to an end')
    const parents = parentsOfStep(nextStep(current))
    current = takeStep(current, new Map(parents.map((parent) => [parent, 7])), NOW)
  }
  return current
}

test('any open shards become any others, by splits and merges of neighbours alone', () => {
  const count = fc.integer({ min: 1, max: 40 })
  fc.assert(
    fc.property(count, count, (from, to) => {
      const starts = uniformHashKeyRanges(to).map(({ start }) => start)
      const after = done(reshard(stream(from), { starts }))
      const open = openShardsOf(after)
      assert.deepEqual(
        open
          .map(({ hashKeyRange }) => hashKeyRange)
          .sort((a, b) => (BigInt(a.start) < BigInt(b.start) ? -1 : 1)),
        uniformHashKeyRanges(to),
      )
      for (const shard of after.shards) {
        const parents = parentsOf(shard).map((id) => after.shards.find(({ shardId }) => shardId === id)!)
        assert.ok(parents.every((parent) => parent.closed && parent.shardId < shard.shardId))
        if (parents.length === 2) assertUnion(shard.hashKeyRange, parents)
      }
      assert.deepEqual(
        after.shards.map(({ shardId }) => shardId),
        after.shards.map(({ shardId }) => shardId).toSorted(),
      )
    }),
  )
})

function assertUnion(
  range: { start: string; end: string },
  parents: readonly { hashKeyRange: typeof range }[],
) {
  const [lower, upper] = parents
    .map(({ hashKeyRange }) => hashKeyRange)
    .sort((a, b) => (BigInt(a.start) < BigInt(b.start) ? -1 : 1))
  assert.equal(range.start, lower?.start)
  assert.equal(range.end, upper?.end)
  assert.equal(BigInt(lower!.end) + 1n, BigInt(upper!.start))
}

test('doubling and halving need one step', () => {
  const doubled = scaledTo(stream(3), 6)
  assert.equal(nextStep(doubled).length, 6)
  assert.equal(done(doubled).shards.length, 9)
  const halved = scaledTo(stream(6), 3)
  assert.equal(nextStep(halved).length, 3)
})

test('a step is not taken with the seals of another', () => {
  const before = reshard(stream(1), { starts: ['0', HALF] })
  assert.equal(takeStep(before, new Map([['shardId-000000000009', 1]]), NOW), before)
})
