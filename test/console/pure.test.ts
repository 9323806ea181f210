import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseFilter } from '../../console/screens/stream/records/filter.ts'
import { lineageText, middleOf, neighbourOf, shareOf } from '../../console/screens/stream/shard-load.ts'
import { addSample, rateOf } from '../../console/server/rates.ts'
import { gaugeSentence, lossText, standstillText } from '../../console/texts/gauge-sentence.ts'
import { hexDump } from '../../console/texts/payload.ts'
import { principalName } from '../../console/texts/principal-name.ts'
import { shellWord } from '../../console/texts/snippets.ts'
import { mergePages } from '../../src/insight/stream-records.ts'

const record = (value: unknown, partitionKey = 'k') => ({
  partitionKey,
  text: () => JSON.stringify(value),
  json: () => value,
})

test('a filter compares a field of JSON, or looks for a text', () => {
  const passes = (filter: string, value: unknown) => parseFilter(filter)?.(record(value))
  assert.equal(passes('$.value > 50', { value: 51 }), true)
  assert.equal(passes('$.value > 50', { value: 50 }), false)
  assert.equal(passes('$.value > 50', { value: '51' }), false)
  assert.equal(passes('$.value > 50', {}), false)
  assert.equal(passes('$.user.name == "ada"', { user: { name: 'ada' } }), true)
  assert.equal(passes('$.user.name == ada', { user: { name: 'ada' } }), true)
  assert.equal(passes('$.tags[1] ~ urg', { tags: ['a', 'urgent'] }), true)
  assert.equal(passes('$.constructor != 1', {}), false)
  assert.equal(passes('ADA', { name: 'ada' }), true)
  assert.equal(passes('zoe', { name: 'ada' }), false)
  assert.equal(parseFilter('$.value >'), undefined)
})

test('pages of several shards show every record once, in order, whatever each read brought', () => {
  const positions = fc.uniqueArray(fc.nat(200), { maxLength: 40 })
  fc.assert(
    fc.property(
      positions,
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 9 }),
      (all, shards, limit) => {
        const sorted = all.toSorted((a, b) => a - b)
        const logs = Array.from({ length: shards }, (_, shard) =>
          sorted.filter((position) => position % shards === shard),
        )
        const next = new Map(logs.map((_, index) => [String(index), 0]))
        const seen: number[] = []
        for (let pages = 0; pages <= all.length; pages++) {
          const slices = logs.map((log, index) => {
            const rest = log.filter((position) => position >= next.get(String(index))!)
            const read = rest.slice(0, limit)
            const end = read.at(-1)
            const from = end === undefined ? next.get(String(index))! : end + 1
            return {
              id: String(index),
              records: read.map((position) => ({ position })),
              next: from,
              atTip: rest.length <= limit,
            }
          })
          const page = mergePages(slices, limit)
          seen.push(...page.records.map(({ position }) => position))
          for (const [id, position] of page.next) next.set(id, position)
          if (page.atTip) break
        }
        assert.deepEqual(seen, sorted)
      },
    ),
  )
})

test('the gauge says which hint fires first', () => {
  const gauge = {
    buffered: { records: 10, bytes: 1_000_000 },
    hints: { sizeBytes: 5_000_000, intervalMs: 300_000 },
    dueAt: 200_000,
    waiting: { records: 0, bytes: 0 },
    failures: 0,
    sources: [],
    lastDeliveries: [],
  }
  assert.equal(gaugeSentence(gauge, 0, 100_000), 'At the present rate size fires first, in about 40 s.')
  assert.equal(
    gaugeSentence(gauge, 0, 1_000),
    'At the present rate the interval fires first, in about 3 min.',
  )
  assert.match(gaugeSentence({ ...gauge, buffered: { records: 0, bytes: 0 } }, 0, 0), /^The buffer is empty/)
  assert.match(
    gaugeSentence({ ...gauge, failures: 2, retryAt: 9_000 }, 0, 0),
    /^2 attempts failed.*in 9 s.*nothing is lost/,
  )
})

test('what waits is said with how long the destination fails, and when the first of it is lost', () => {
  const gauge = {
    buffered: { records: 10, bytes: 1_000_000 },
    hints: { sizeBytes: 5_000_000, intervalMs: 300_000 },
    ...{ failures: 1, failingSince: 3_600_000, sources: [], lastDeliveries: [] },
    waiting: { records: 12, bytes: 2_000_000, oldestArrival: 0 },
  }
  assert.match(
    standstillText(gauge, 7_200_000),
    /failing for 60 min\. 12 records \(.*\) wait, the oldest for 2 h\.$/,
  )
  assert.equal(lossText(gauge, 7_200_000), undefined)
  const late = { ...gauge, firstLostAt: 10_800_000 }
  assert.match(lossText(late, 7_200_000) ?? '', /another 60 min, then it is lost/)
  assert.match(lossText(late, 10_800_000) ?? '', /they are being lost/)
  assert.doesNotMatch(gaugeSentence(late, 0, 0), /nothing is lost/)
})

test('rates are of the last seconds and begin anew with the server', () => {
  const sample = (at: number, records: number) => ({ at, records, bytes: records * 10, throttled: 0 })
  const samples = [0, 1, 2, 3].reduce<ReturnType<typeof addSample>>(
    (sum, second) => addSample(sum, sample(second * 1_000, second * 50)),
    [],
  )
  assert.deepEqual(rateOf(samples), { records: 50, bytes: 500 })
  assert.deepEqual(rateOf(addSample(samples, sample(4_000, 3))), { records: 0, bytes: 0 })
})

test('a shard knows its share, its middle and its neighbour', () => {
  const half = 2n ** 127n
  const shard = (shardId: string, start: bigint, end: bigint) => ({
    shardId,
    hashKeyRange: { start: String(start), end: String(end) },
    createdAt: 0,
    parents: [],
  })
  const [left, right] = [shard('a', 0n, half - 1n), shard('b', half, 2n ** 128n - 1n)]
  assert.equal(shareOf(left), 0.5)
  assert.equal(middleOf(left), String(half / 2n))
  assert.equal(neighbourOf(left, [right, left]), right)
  assert.equal(neighbourOf(right, [right, left]), undefined)
})

test('a shard knows where its hash keys came from and went to', () => {
  const shard = (number: number, ...parents: number[]) => ({
    shardId: idOf(number),
    parents: parents.map(idOf),
  })
  const idOf = (number: number) => `shardId-${String(number).padStart(12, '0')}`
  const shards = [shard(0), shard(1), shard(2, 0), shard(3, 0), shard(4, 3, 1)]
  assert.deepEqual(
    shards.map((one) => lineageText(one, shards)),
    ['split into 2 and 3', 'merged into 4', 'from 0', 'from 0, merged into 4', 'from 3 and 1'],
  )
})

test('what is copied into a shell is one word', () => {
  assert.equal(shellWord('plain-1.txt'), 'plain-1.txt')
  assert.equal(shellWord("it's; rm -rf"), `'it'\\''s; rm -rf'`)
})

test('a hex dump shows offset, bytes and what can be printed', () => {
  assert.equal(hexDump(new Uint8Array([60, 10])), `000000  3c 0a${' '.repeat(42)}  <·`)
})

test('who is signed in is named in a word', () => {
  const arn = (rest: string) => `arn:aws:iam::000000000000:${rest}`
  assert.equal(principalName(arn('user/alice')), 'alice')
  assert.equal(principalName(arn('user/team/data/alice')), 'alice')
  assert.equal(principalName(arn('root')), 'root')
  assert.equal(principalName('arn:aws:sts::000000000000:assumed-role/Deployer/run:7@ci'), 'Deployer/run:7@ci')
  assert.equal(principalName('arn:aws:sts::000000000000:federated-user/bob'), 'bob')
})
