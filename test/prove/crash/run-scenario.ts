import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { KILL_POINTS, type KillPoint, objectFile } from './kill-points.ts'
import { advance, BUCKET, deliver, disturb, placeQuery, prepare, put, type Scenario } from './scenario.ts'
import { type Life, startLife } from './server-life.ts'

/** What a scenario came to. */
export interface ScenarioOutcome {
  readonly kills: ReadonlyMap<KillPoint, number>
  readonly acknowledged: number
  readonly objects: number
  /** Acknowledged records in no object. */
  readonly lost: readonly number[]
  /** Records in more than one object, or twice in one. */
  readonly doubled: readonly number[]
  /** Records whose place was asked for and was not where the answer said. */
  readonly misplaced: readonly number[]
}

/** Records whose place is asked for at the end. */
const SAMPLES = 15

/**
 * Starts a server again and again on one data folder, produces, delivers and kills it, at each point in turn from
 * `firstPoint` on; then takes stock.
 */
export async function runScenario(
  scenario: Scenario,
  rounds: number,
  firstPoint = 0,
): Promise<ScenarioOutcome> {
  const folder = mkdtempSync(join(tmpdir(), 'standpipe-crash-'))
  const kills = new Map<KillPoint, number>()
  const answers = new Map<number, string>()
  let life = startLife(folder)
  let sent = 0
  try {
    await life.ready
    await prepare(scenario, life)
    for (let round = 0; round < rounds; round++) {
      const point = KILL_POINTS[(firstPoint + round) % KILL_POINTS.length]!
      if (point === 'while it starts') await sleep(Math.random() * 500)
      else {
        await life.ready
        sent = await produceUntil(point, { scenario, life, folder, round, answers, from: sent })
      }
      await life.kill()
      kills.set(point, (kills.get(point) ?? 0) + 1)
      life = startLife(folder)
    }
    await life.ready
    return { kills, ...(await takeStock(scenario, life, answers)) }
  } finally {
    await life.kill()
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Round {
  readonly scenario: Scenario
  readonly life: Life
  readonly folder: string
  readonly round: number
  readonly answers: Map<number, string>
  readonly from: number
}

/** Puts and delivers until the moment has come; resolves with how many records were sent. */
async function produceUntil(point: KillPoint, round: Round): Promise<number> {
  const { scenario, life, folder, answers } = round
  let sent = round.from
  let isOver = false
  const putOne = async () => {
    const from = sent
    sent += 20
    for (const [id, answer] of await put(scenario, life, from)) answers.set(id, answer)
  }
  /** The server dies under them: then their answers do not count. */
  const background = async () => {
    while (!isOver) {
      await putOne()
      if (Math.random() < 0.3) await (Math.random() < 0.5 ? deliver(life) : advance(life, '61s'))
      if (scenario.variant === 'split' && Math.random() < 0.15) await disturb(scenario, life, round.round)
    }
  }
  await putOne()
  const working = background().catch(() => undefined)
  await momentOf(point, { ...round, folder }, () => deliver(life), putOne)
  isOver = true
  void working
  return sent + 1000
}

async function momentOf(
  point: KillPoint,
  { scenario, life, folder, round }: Round,
  deliverNow: () => Promise<unknown>,
  putOne: () => Promise<void>,
): Promise<void> {
  const begin = (work: Promise<unknown>) => void work.catch(() => undefined)
  if (point === 'a put is answered') await putOne()
  else if (point === 'a put is under way') begin(putOne())
  else if (point === 'an object is begun' || point === 'an object is whole') {
    const seen = objectFile(folder, point === 'an object is begun')
    begin(deliverNow())
    await seen
  } else if (point === 'a delivery is answered') await deliverNow()
  else if (point === 'the stream changes') {
    begin(deliverNow())
    if (scenario.variant === 'split') await disturb(scenario, life, round).catch(() => undefined)
    else await advance(life, '61s')
  } else await sleep(Math.random() * 300)
}

async function takeStock(
  scenario: Scenario,
  life: Life,
  answers: ReadonlyMap<number, string>,
): Promise<Omit<ScenarioOutcome, 'kills'>> {
  await advance(life, '5m')
  const answer = await deliver(life)
  if (!answer.ok) throw new Error(await answer.text())
  const bodies = await readObjects(life)
  const counts = new Map<number, number>()
  for (const body of bodies.values())
    for (const line of body.toString().split('\n').filter(Boolean)) {
      const { id } = JSON.parse(line)
      counts.set(id, (counts.get(id) ?? 0) + 1)
    }
  const ids = [...answers.keys()]
  return {
    acknowledged: answers.size,
    objects: bodies.size,
    lost: ids.filter((id) => !counts.has(id)),
    doubled: [...counts].filter(([, count]) => count > 1).map(([id]) => id),
    misplaced: await misplacedOf(scenario, life, answers, bodies),
  }
}

/** Every object, uncompressed, by its key. */
async function readObjects(life: Life): Promise<Map<string, Buffer>> {
  const bodies = new Map<string, Buffer>()
  for (let after = ''; ; ) {
    const query = new URLSearchParams({ 'list-type': '2', 'start-after': after })
    const listing = await (await life.fetch(`/${BUCKET}?${query}`)).text()
    const keys = [...listing.matchAll(/<Key>([^<]+)</g)].map(([, key]) => key!)
    for (const key of keys) {
      // fetch itself undoes a Content-Encoding of gzip.
      const got = await life.fetch(`/${BUCKET}/${key}`)
      bodies.set(key, Buffer.from(await got.arrayBuffer()))
    }
    after = keys.at(-1) ?? ''
    if (!listing.includes('<IsTruncated>true<')) return bodies
  }
}

/** Asks for the places of some records that are still remembered. */
async function misplacedOf(
  scenario: Scenario,
  life: Life,
  answers: ReadonlyMap<number, string>,
  bodies: ReadonlyMap<string, Buffer>,
): Promise<number[]> {
  const all = [...answers].slice(-2000)
  const step = Math.max(1, Math.floor(all.length / SAMPLES))
  const misplaced: number[] = []
  for (const [id, answer] of all.filter((_, index) => index % step === 0)) {
    const found = await life.fetch(`/_standpipe/api/landed?${placeQuery(scenario, answer)}`)
    const { landed } = (await found.json()) as {
      landed: { key: string; offset: number; length: number }[]
    }
    const [{ key, offset, length } = { key: '', offset: 0, length: 0 }] = landed
    const text =
      bodies
        .get(key)
        ?.subarray(offset, offset + length)
        .toString() ?? ''
    if (!text.startsWith(`{"id":${id},`)) misplaced.push(id)
  }
  return misplaced
}
