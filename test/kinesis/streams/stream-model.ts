import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { LogStore } from '../../../src/engine/ports/engine.ts'
import { uniformHashKeyRanges } from '../../../src/kinesis/shards/shard.ts'
import { type Answer, boundKinesis, bytes } from '../bound-kinesis.ts'
import { assertLineage } from './assert-lineage.ts'

const STATE_DELAY_MS = 500
const SPACE = 2n ** 128n
const StreamName = 'orders'

/** What is done to a stream; numbers choose among what there is at that moment. */
export type Step =
  | { readonly do: 'put'; readonly key: number; readonly gateway: number }
  | { readonly do: 'burst'; readonly keys: readonly number[]; readonly gateway: number }
  | { readonly do: 'split'; readonly shard: number; readonly at: number }
  | { readonly do: 'merge'; readonly shard: number }
  | { readonly do: 'scale'; readonly to: number }
  | { readonly do: 'read' }
  | { readonly do: 'advance'; readonly ms: number }
  | { readonly do: 'restart' }

const number = (max: number) => fc.integer({ min: 0, max })
export const anySteps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ do: fc.constant('put' as const), key: number(9), gateway: number(1) }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('burst' as const),
        keys: fc.array(number(9), { minLength: 2, maxLength: 8 }),
        gateway: number(1),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ do: fc.constant('split' as const), shard: number(9), at: number(99) }),
    },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('merge' as const), shard: number(9) }) },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant('scale' as const), to: fc.integer({ min: 1, max: 9 }) }),
    },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('read' as const) }) },
    {
      weight: 5,
      arbitrary: fc.record({ do: fc.constant('advance' as const), ms: fc.constantFrom(1, 499, 500, 5_000) }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
  ),
  { minLength: 5, maxLength: 40, size: 'max' },
)

/** Takes the steps on a real stream beside the model, and throws as soon as the two differ. */
export async function compareWithModel(
  steps: readonly Step[],
  bugIn: (logs: LogStore) => LogStore = (logs) => logs,
): Promise<void> {
  const stream = await realStream(bugIn)
  const model = createModel()
  for (const step of steps) {
    if (step.do === 'put') await model.put(step.key, stream.put(step.gateway))
    else if (step.do === 'burst') await model.burst(step.keys, stream.put(step.gateway))
    else if (step.do === 'read') await stream.read(model.read)
    else if (step.do === 'restart') stream.restart()
    else if (step.do === 'advance') {
      await stream.advance(step.ms)
      model.now += step.ms
    } else await reshard(stream, model, step)
    model.assertStarts(await stream.openStarts(), step)
  }
  await stream.advance(STATE_DELAY_MS)
  await stream.read(model.read)
  model.assertAllRead()
}

type Real = Awaited<ReturnType<typeof realStream>>
type Model = ReturnType<typeof createModel>
type Put = (key: string, text: string) => Promise<{ ShardId: string; SequenceNumber: string }>

async function reshard(stream: Real, model: Model, step: Extract<Step, { do: 'split' | 'merge' | 'scale' }>) {
  const starts = model.starts()
  const index = step.do === 'scale' ? 0 : step.shard % starts.length
  const start = starts[index]!
  const end = (starts[index + 1] ?? SPACE) - 1n
  const wanted = {
    split: splitAt(starts, start, end, step),
    merge: mergeAt(starts, index),
    scale: scaled(step),
  }[step.do]
  if (!wanted) return
  const isRefused = model.isUpdating()
  const outcome = await stream.reshard(step, start, wanted).then(
    () => undefined,
    ({ code }) => code,
  )
  assert.equal(outcome, isRefused ? 'ResourceInUseException' : undefined)
  if (!isRefused) model.change(wanted)
}

function splitAt(starts: readonly bigint[], start: bigint, end: bigint, step: Step): bigint[] | undefined {
  const at = start + ((end - start) * BigInt(step.do === 'split' ? step.at : 0)) / 100n
  if (at <= start + 1n || at >= end) return undefined
  return [...starts, at].sort((a, b) => (a < b ? -1 : 1))
}
const mergeAt = (starts: readonly bigint[], index: number) =>
  index + 1 < starts.length ? starts.filter((_, nth) => nth !== index + 1) : undefined
const scaled = (step: Step) =>
  uniformHashKeyRanges(step.do === 'scale' ? step.to : 1).map(({ start }) => BigInt(start))

/** What a stream is, in the fewest words: hash key ranges that change at a moment, and records in order for each key. */
function createModel() {
  const puts = new Map<string, string[]>()
  const reads = new Map<string, string[]>()
  let present = [0n]
  let next: { starts: readonly bigint[]; at: number } | undefined
  const note = (records: Map<string, string[]>, key: string, text: string) =>
    records.set(key, [...(records.get(key) ?? []), text])
  const model = {
    now: 0,
    isUpdating: () => next !== undefined && model.now < next.at,
    starts(): bigint[] {
      if (next && model.now >= next.at) {
        present = [...next.starts]
        next = undefined
      }
      return present
    },
    /** Scaling leaves a shard where it is when it is off by what division leaves over; from then on it is there. */
    assertStarts(open: readonly bigint[], step: Step) {
      const differences = model.starts().map((start, index) => start - (open[index] ?? -SPACE))
      const isSame = differences.every((difference) => difference <= 9n && difference >= -9n)
      assert.ok(
        isSame && open.length === present.length,
        `${open} is not ${present} after ${JSON.stringify(step)}`,
      )
      present = [...open]
    },
    change(starts: readonly bigint[]) {
      next = { starts, at: model.now + STATE_DELAY_MS }
    },
    async put(index: number, put: Put) {
      const key = `key${index}`
      const text = `${key}/${puts.get(key)?.length ?? 0}`
      note(puts, key, text)
      await put(key, text)
    },
    /** All keys at once, the puts of one key one after the other. */
    async burst(indexes: readonly number[], put: Put) {
      await Promise.all(
        [...new Set(indexes)].map(async (index) => {
          for (const same of indexes) if (same === index) await model.put(index, put)
        }),
      )
    },
    read: (key: string, text: string) => note(reads, key, text),
    assertAllRead: () => assert.deepEqual(sorted(reads), sorted(puts)),
  }
  return model
}

const sorted = (records: ReadonlyMap<string, unknown>) => [...records].sort(([a], [b]) => (a < b ? -1 : 1))

/** Two gateways on one engine; the second hears late of what the first does. */
async function realStream(bugIn: (logs: LogStore) => LogStore) {
  const base = boundKinesis({ stateDelayMs: STATE_DELAY_MS })
  const shared = { stateDelayMs: STATE_DELAY_MS, logs: bugIn(base.logs), clock: base.clock }
  const open = () => [
    boundKinesis({ ...shared, metadata: base.metadata }),
    boundKinesis({ ...shared, metadata: { ...base.metadata, watch() {} } }),
  ]
  let gateways = open()
  const call = (name: string, input: object) => gateways[0]!.call(name, { StreamName, ...input })
  await call('CreateStream', { ShardCount: 1 })
  await base.clock.advance(STATE_DELAY_MS)
  await gateways[1]!.call('DescribeStream', { StreamName })
  const reader = createReader(call)
  const shards = async (): Promise<Answer[]> => (await call('ListShards', {})).Shards
  return {
    advance: (ms: number) => base.clock.advance(ms),
    restart() {
      gateways = open()
    },
    put:
      (gateway: number): Put =>
      (PartitionKey, text) =>
        gateways[gateway]!.call('PutRecord', { StreamName, PartitionKey, Data: bytes(text) }),
    read: reader.readAll,
    async openStarts(): Promise<bigint[]> {
      const open = (await shards()).filter((shard) => !shard.SequenceNumberRange.EndingSequenceNumber)
      assertLineage(await shards())
      return open
        .map(({ HashKeyRange }) => BigInt(HashKeyRange.StartingHashKey))
        .sort((a, b) => (a < b ? -1 : 1))
    },
    async reshard(step: Step, start: bigint, wanted: readonly bigint[]) {
      const open = (await shards()).filter((shard) => !shard.SequenceNumberRange.EndingSequenceNumber)
      const at = (key: bigint) =>
        open.find(({ HashKeyRange }) => BigInt(HashKeyRange.StartingHashKey) === key)
      const shard = at(start)
      if (step.do === 'scale')
        return await call('UpdateShardCount', { TargetShardCount: step.to, ScalingType: 'UNIFORM_SCALING' })
      if (step.do === 'split') {
        const NewStartingHashKey = String(wanted.find((key) => !at(key)))
        return await call('SplitShard', { ShardToSplit: shard.ShardId, NewStartingHashKey })
      }
      const adjacent = at(BigInt(shard.HashKeyRange.EndingHashKey) + 1n)
      return await call('MergeShards', {
        ShardToMerge: shard.ShardId,
        AdjacentShardToMerge: adjacent.ShardId,
      })
    },
  }
}

/** Reads as the KCL does: a shard's children when all their parents were read to the end. */
function createReader(call: (name: string, input: object) => Promise<Answer>) {
  const positions = new Map<string, string>()
  const ended = new Set<string>()
  const lastNumbers = new Map<string, bigint>()
  let roots = ['shardId-000000000000']

  /** Iterators expire, so what is remembered is the last sequence number. */
  const iteratorOf = async (ShardId: string) => {
    const last = positions.get(ShardId)
    const place = last
      ? { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: last }
      : { ShardIteratorType: 'TRIM_HORIZON' }
    return (await call('GetShardIterator', { ShardId, ...place })).ShardIterator
  }
  const readShard = async (ShardId: string, take: (key: string, text: string) => void) => {
    for (let ShardIterator = await iteratorOf(ShardId); ; ) {
      const answer = await call('GetRecords', { ShardIterator, Limit: 3 })
      for (const { PartitionKey, Data, SequenceNumber } of answer.Records) {
        assert.ok(BigInt(SequenceNumber) > (lastNumbers.get(ShardId) ?? 0n), 'sequence numbers rise')
        lastNumbers.set(ShardId, BigInt(SequenceNumber))
        positions.set(ShardId, SequenceNumber)
        take(PartitionKey, Buffer.from(Data).toString())
      }
      assert.equal(answer.NextShardIterator === undefined, answer.ChildShards !== undefined)
      if (answer.ChildShards) return answer.ChildShards as Answer[]
      if (answer.Records.length === 0) return undefined
      ShardIterator = answer.NextShardIterator
    }
  }
  return {
    async readAll(take: (key: string, text: string) => void): Promise<void> {
      for (let open = roots; open.length > 0; ) {
        const following: string[] = []
        for (const ShardId of open) {
          const children = await readShard(ShardId, take)
          if (!children) continue
          ended.add(ShardId)
          roots = roots.filter((id) => id !== ShardId)
          for (const child of children)
            if (child.ParentShards.every((parent: string) => ended.has(parent))) following.push(child.ShardId)
        }
        roots.push(...following)
        open = following
      }
    },
  }
}
