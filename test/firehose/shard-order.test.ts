import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { awaitsChildren, followShards } from '../../src/delivery/progress/source.ts'
import type { LogPosition } from '../../src/delivery/reading/log-range.ts'

/** A stream as it is, and what a reader that follows it has taken. */
interface World {
  group: string
  shards: Shard[]
  /** Of the reader, as it goes and as it was last kept. */
  positions: LogPosition[]
  reads: Read[]
  kept: { positions: LogPosition[]; reads: Read[] }
  now: number
}
interface Shard {
  readonly id: string
  readonly parents: readonly string[]
  readonly openedAt: number
  records: number
  /** Its log takes no more; the stream shows that only with its children. */
  sealed?: true
  closedAt?: number
  /** Not shown any more, and its records are gone. */
  expired?: true
  /** Open when the reader began, with so many records that it is not to read; or older. */
  readonly began?: number | 'before'
}
interface Read {
  readonly group: string
  readonly id: string
  readonly record: number | 'end'
}

const idOf = (index: number) => `shardId-${String(index).padStart(12, '0')}`
const listed = ({ group, shards }: World) => ({
  group,
  shards: shards
    .filter(({ expired }) => !expired)
    .map(({ id, parents, closedAt }) => ({
      ...{ shardId: id, log: id, parentShardIds: parents, closed: closedAt !== undefined },
      sequenceNumberOf: String,
    })),
})
const open = ({ shards }: World) => shards.filter(({ closedAt }) => closedAt === undefined)

function birth(world: World, ...parents: Shard[]): void {
  for (const parent of parents) {
    parent.sealed = true
    parent.closedAt ??= world.now
  }
  const id = idOf(world.shards.length)
  world.shards.push({ id, parents: parents.map((parent) => parent.id), openedAt: world.now, records: 0 })
}

/** Each chooses by a number. */
const ACTS: Readonly<Record<string, (world: World, choice: number) => void>> = {
  put(world, choice) {
    const shards = open(world)
    const shard = shards[choice % shards.length]!
    if (!shard.sealed) shard.records += 1 + (choice % 3)
  },
  seal(world, choice) {
    open(world)[choice % open(world).length]!.sealed = true
  },
  split(world, choice) {
    const parent = open(world)[choice % open(world).length]!
    birth(world, parent)
    birth(world, parent)
  },
  merge(world, choice) {
    const shards = open(world)
    const [one, other] = [shards[choice % shards.length]!, shards[(choice >> 4) % shards.length]!]
    if (one !== other) birth(world, one, other)
  },
  look(world) {
    world.positions = followShards(world.positions, listed(world))
  },
  read(world, choice) {
    const ready = world.positions.filter(({ done, waitsFor }) => !done && !waitsFor)
    const position = ready[choice % ready.length]
    if (position) read(world, position, 1 + ((choice >> 4) % 4))
  },
  keep(world) {
    world.kept = structuredClone({ positions: world.positions, reads: world.reads })
  },
  restart(world) {
    Object.assign(world, structuredClone(world.kept))
  },
  /** Those that were closed first. */
  expire(world, choice) {
    const closed = world.shards
      .filter(({ closedAt, expired }) => closedAt !== undefined && !expired)
      .sort((one, other) => one.closedAt! - other.closedAt!)
    const until = closed[choice % Math.max(1, closed.length)]?.closedAt ?? -1
    for (const shard of closed) if (shard.closedAt! <= until) shard.expired = true
  },
}

function read(world: World, position: LogPosition, count: number): void {
  const { group, shardId, next } = position
  if (group !== world.group) return
  const shard = world.shards.find(({ id }) => id === shardId)!
  const end = shard.expired ? shard.records : Math.min(shard.records, next + count)
  if (!shard.expired)
    for (let record = next; record < end; record++) world.reads.push({ group, id: shardId, record })
  const done = end === shard.records && shard.sealed === true
  if (done) world.reads.push({ group, id: shardId, record: 'end' })
  world.positions = world.positions.map((other) =>
    other === position ? { ...position, next: end, ...(done && { done }) } : other,
  )
}

function create(group: string, count: number): Pick<World, 'group' | 'shards'> {
  const shards = Array.from({ length: count }, (_, index) => ({
    id: idOf(index),
    parents: [],
    openedAt: 0,
    records: 0,
  }))
  return { group, shards }
}

/** Reads what is left, and checks what was read of the stream that is there now. */
function check(world: World): void {
  const isWaiting = () =>
    world.positions.some(({ shardId, done, waitsFor, next, group }) => {
      const shard = world.shards.find(({ id }) => id === shardId)
      const isRead = !shard?.sealed && next === shard?.records
      return group !== world.group || waitsFor || (!done && !isRead)
    })
  for (const shard of open(world)) if (shard.sealed) birth(world, shard)
  ACTS.look!(world, 0)
  for (let rounds = 0; isWaiting() || awaitsChildren(world.positions); rounds++) {
    assert.ok(rounds < 1000, `shards are never read: ${JSON.stringify(world.positions)}`)
    for (const position of world.positions)
      if (!position.done && !position.waitsFor) read(world, position, 100)
    ACTS.look!(world, 0)
  }
  const reads = world.reads.filter(({ group }) => group === world.group)
  const at = new Map(reads.map(({ id, record }, index) => [`${id}/${record}`, index]))
  assert.equal(at.size, reads.length, 'nothing is read twice')
  for (const { id, parents, records, expired, began = 0 } of world.shards) {
    const isFirst = began !== 'before'
    for (let record = 0; record < records; record++) {
      const isWanted = isFirst && record >= (began as number)
      const isRead = at.has(`${id}/${record}`)
      if (!expired || !isWanted) assert.equal(isRead, isWanted, `${id}/${record}`)
    }
    const own = reads.findIndex((one) => one.id === id)
    for (const parent of parents) {
      const end = at.get(`${parent}/end`)
      if (own >= 0 && end !== undefined) assert.ok(end < own, `${id} was read before the end of ${parent}`)
    }
    const order = reads.filter((one) => one.id === id).map(({ record }) => record)
    assert.deepEqual(
      order,
      order.toSorted(
        (one, other) => Number(one === 'end') - Number(other === 'end') || Number(one) - Number(other),
      ),
    )
  }
}

const names = Object.keys(ACTS) as (keyof typeof ACTS)[]
const acts = (allowed: readonly string[], maxLength: number) =>
  fc.array(fc.tuple(fc.constantFrom(...allowed), fc.nat({ max: 255 })), { maxLength, size: 'max' })
const reshape = acts(['put', 'split', 'merge', 'expire'], 12)
const live = acts([...names, ...names, 'read', 'read', 'read', 'read', 'look', 'look', 'keep'], 100)

function play(world: World, steps: readonly (readonly [string, number])[]): void {
  for (const [act, choice] of steps) {
    world.now++
    ACTS[act]!(world, choice)
  }
}

test('whatever is split, merged and expires, each shard is read once, to its end before its children', () => {
  const property = fc.property(
    fc.integer({ min: 1, max: 4 }),
    reshape,
    live,
    fc.option(live),
    (count, before, during, after) => {
      const first = create('first', count)
      const world: World = { ...first, positions: [], reads: [], kept: { positions: [], reads: [] }, now: 0 }
      play(world, before)
      world.shards = world.shards.map((shard) => ({
        ...shard,
        began: shard.closedAt === undefined ? shard.records : 'before',
      }))
      world.positions = open(world).map(({ id, records }) => ({
        group: 'first',
        log: id,
        shardId: id,
        next: records,
      }))
      ACTS.keep!(world, 0)
      play(world, during)
      if (after) {
        // Deleted and made again.
        Object.assign(world, create('second', count))
        play(world, after)
      }
      check(world)
    },
  )
  fc.assert(property, { numRuns: 2000 })
})
