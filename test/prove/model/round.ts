import { CreateBucketCommand, ListBucketsCommand } from '@aws-sdk/client-s3'
import { type Seeded, seeded } from '../seeded.ts'
import { actAtRandom, createStream, openShards, putTo, type Scene } from './acts.ts'
import { broken, type Named } from './check.ts'
import { type Gauge, gaugeOf, harvest } from './harvest.ts'
import { createLedger, type Ledger } from './ledger.ts'
import { BUCKETS, createPath } from './paths.ts'
import { openSite, type Site } from './site.ts'
import { THEMES } from './themes.ts'

export interface RoundOutcome {
  readonly kind: string
  readonly acts: ReadonlyMap<string, number>
  readonly records: number
  readonly shards: number
  readonly objects: number
  /** Named as gone. */
  readonly gone: number
  readonly failures: readonly string[]
}

export interface RoundOptions {
  readonly seed: number
  readonly acts: number
  /** More than a thousand shards. */
  readonly isWide: boolean
  /** Takes what happens, for whoever looks into a failure. */
  readonly trace?: (line: string, scene: Scene) => unknown
}

const WIDE = 1_050
const SAMPLES = 10

/** One world, from its first stream to its last object. */
export async function playRound({ seed, acts: most, isWide, trace }: RoundOptions): Promise<RoundOutcome> {
  const chance = seeded(seed)
  const isDurable = chance.below(2) === 0
  const isRemote = chance.below(4) === 0
  const theme = chance.pick(THEMES)
  const kind = [
    ...[theme.name, isWide && 'wide', isDurable ? 'on disk' : 'in memory', isRemote && 'to another S3'],
  ]
    .filter(Boolean)
    .join(', ')
  const site = await openSite({ isDurable, isRemote })
  const ledger = createLedger()
  const scene: Scene = { site, ledger, chance, isDurable, isRemote, theme }
  const acts = new Map<string, number>()
  const told: string[] = []
  try {
    if (theme.hasBuckets) await makeBuckets(site)
    await createStream(scene, isWide ? WIDE : undefined)
    await createPath(site, ledger, chance, theme.backlogKiB > 0)
    if (theme.backlogKiB > 0)
      await putTo(scene, [chance.pick(await openShards(scene))], theme.backlogKiB / 10, 10_240)
    if (isWide) await putTo(scene, await openShards(scene), 2 * WIDE, 10)
    for (let done = 0; done < most; done++) {
      const name = await actAtRandom(scene)
      told.push(name)
      await trace?.(name, scene)
      acts.set(name, (acts.get(name) ?? 0) + 1)
    }
    const named = await finish(scene)
    await trace?.('finished', scene)
    const failures = [...broken(ledger, named, site.now()), ...(await misplaced(scene, chance))]
    const gone = [...named.values()].reduce((sum, one) => sum + (one?.records ?? 0), 0)
    return {
      ...outcomeOf(ledger),
      kind,
      acts,
      gone,
      failures: failures.map((text) => `seed ${seed}, ${kind}: ${text}`),
    }
  } catch (error) {
    const text = `seed ${seed}, ${kind}: ${error} after ${told.join(', ')}`
    return { ...outcomeOf(ledger), kind, acts, gone: 0, failures: [text] }
  } finally {
    await site.close()
  }
}

const outcomeOf = ({ records, parents, objects }: Ledger) => ({
  ...{ records: records.length, shards: parents.size, objects: objects.size },
})

async function makeBuckets(site: Site): Promise<void> {
  const { Buckets = [] } = await site.s3().send(new ListBucketsCommand({}))
  for (const Bucket of BUCKETS)
    if (!Buckets.some(({ Name }) => Name === Bucket))
      await site.s3().send(new CreateBucketCommand({ Bucket }))
}

/** Everything works again, for as long as something waits; what is named as gone then. */
async function finish(scene: Scene): Promise<Named> {
  const { site, ledger } = scene
  await makeBuckets(site)
  await openShards(scene)
  let idle = 0
  for (let rounds = 0; idle < 2; rounds++) {
    if (rounds > 200) throw new Error('something waits for ever')
    await site.advance('10m')
    const gauges = await Promise.all(ledger.paths.map(({ name }) => gaugeOf(site, name)))
    idle = gauges.every(isIdle) ? idle + 1 : 0
  }
  await harvest(site, ledger)
  const named = new Map<string, Gauge['gone']>()
  for (const { name } of ledger.paths) named.set(name, (await gaugeOf(site, name))?.gone)
  return named
}

const isIdle = (gauge: Gauge | undefined) =>
  [gauge, gauge?.backup, gauge?.errors].every((one) => !one || (one.buffered.records === 0 && !one.sealed)) &&
  !gauge?.partitions?.active

/** Where some records are said to be, they are. */
async function misplaced({ site, ledger }: Scene, chance: Seeded): Promise<string[]> {
  const wrong: string[] = []
  const records = ledger.records.filter(({ shard }) => shard !== undefined)
  for (let sample = 0; sample < Math.min(SAMPLES, records.length); sample++) {
    const { id, sequenceNumber } = chance.pick(records)
    const query = `stream=clicks&sequenceNumber=${sequenceNumber}`
    type Landed = { deliveryStream: string; state: string; bucket: string; key: string }
    const answer = await site.ask<{ landed: Landed[] }>(`api/landed?${query}`)
    for (const { deliveryStream, state, bucket, key } of answer?.landed ?? []) {
      const holding = [...ledger.objects].filter(
        ([, { path, kind, ids }]) => path === deliveryStream && kind !== 'backup' && ids.includes(id),
      )
      const isThere = holding.some(([name]) => name === `${bucket}/${key}`)
      const isSaid = state === 'delivered' || state === 'failed'
      if (isSaid && !isThere) wrong.push(`record ${id} is said to be in ${bucket}/${key}, and is not`)
      if (state === 'lost' && holding.length > 0)
        wrong.push(`record ${id} is said to be lost, and is in ${holding[0]![0]}`)
      if (state === 'buffered' || state === 'delivering') wrong.push(`record ${id} is ${state} for ever`)
    }
  }
  return wrong
}
