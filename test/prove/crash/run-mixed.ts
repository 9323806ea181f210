import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { checkDeliveries, noObjectsYet } from '../load/check-deliveries.ts'
import { checkRecords, noRecordsYet } from '../load/check-records.ts'
import { checkRegisters } from '../load/check-registers.ts'
import { checkUploads } from '../load/check-uploads.ts'
import { makeLateBucket } from '../load/disturb-work.ts'
import { Expected } from '../load/expected.ts'
import { createJournal, expect } from '../load/journal.ts'
import { type Load, workOn } from '../load/work.ts'
import { makeWorld } from '../load/world.ts'
import { seeded } from '../seeded.ts'
import { type Life, startLife } from './server-life.ts'

/** What many kills under a mixed load came to. */
export interface MixedOutcome {
  readonly acknowledged: number
  readonly objects: number
  /** In words, with the round. */
  readonly broken: readonly string[]
}

/** Rounds between two stocktakings of everything that was delivered. */
const STOCK_EVERY = 10
/** One in so many servers is killed while it starts. */
const KILLED_AT_START = 8
const LONGEST_LIFE_MS = 500

interface MixedOptions {
  readonly seed: number
  readonly rounds: number
  /** More rounds are played until so many records were acknowledged: a busy machine does little in each. */
  readonly leastAcknowledged?: number
  /** It may end with the first broken promise. */
  readonly isFirstEnough?: boolean
  say(line: string): void
}

/** One data folder, one load of everything at once, and a server that is killed at any time. */
export async function runMixed(options: MixedOptions): Promise<MixedOutcome> {
  const { seed, rounds, leastAcknowledged = 0, isFirstEnough, say } = options
  const folder = mkdtempSync(join(tmpdir(), 'standpipe-mixed-'))
  const random = seeded(seed)
  const expected = new Expected()
  const journal = createJournal((line) => expect(expected, line))
  const disturbances = { lateBucket: 0, isLateBucketThere: true }
  const [records, objects] = [noRecordsYet(), noObjectsYet()]
  const broken: string[] = []
  const told = new Set<string>()
  let numbers = 0
  let life = startLife(folder)
  const load = (): Load => ({
    client: life,
    journal,
    expected,
    random,
    disturbances,
    number: () => ++numbers,
  })
  const tell = (round: number, found: readonly string[]) => {
    for (const line of [...found, ...expected.broken.splice(0)].filter((one) => !told.has(one))) {
      told.add(line)
      broken.push(`seed ${seed}, round ${round}: ${line}`)
      say(broken.at(-1)!)
    }
  }
  const takeStock = async (round: number) => {
    await makeLateBucket(life, disturbances)
    tell(round, await checkRecords(life, expected, records))
    tell(round, await checkDeliveries(life, expected, records, objects))
  }
  try {
    await life.ready
    await makeWorld(life)
    for (let round = 1; round <= rounds || acknowledgedIn(expected) < leastAcknowledged; round++) {
      if (isFirstEnough && broken.length > 0) break
      if (random.below(KILLED_AT_START) === 0) await sleep(random.below(600))
      else {
        await life.ready
        tell(round, await checkRegisters(life, expected))
        tell(round, await checkUploads(life, expected))
        if (round % STOCK_EVERY === 0) await takeStock(round)
        await workAndKill(load(), life, 20 + random.below(LONGEST_LIFE_MS))
      }
      await life.kill()
      life = startLife(folder)
      if (round % 50 === 0) say(`${round} kills under mixed load, ${broken.length} broken`)
    }
    await life.ready
    tell(rounds, await checkRegisters(life, expected))
    await takeStock(rounds)
  } finally {
    await life.kill()
    if (broken.length === 0) rmSync(folder, { recursive: true, force: true })
    else say(`the data folder is kept in ${folder}`)
  }
  return { acknowledged: acknowledgedIn(expected), objects: objects.objects.size, broken }
}

const acknowledgedIn = ({ records }: Expected): number =>
  [...records.values()].filter(({ answer }) => answer !== undefined).length

async function workAndKill(load: Load, life: Life, lifeMs: number): Promise<void> {
  let isOver = false
  const working = workOn(load, () => isOver)
  await sleep(lifeMs)
  const killed = life.kill()
  isOver = true
  await Promise.all([killed, working])
}
