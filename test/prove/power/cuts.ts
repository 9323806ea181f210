import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Seeded, seeded } from '../seeded.ts'
import type { CheckTask } from './checker.ts'
import { createChecker } from './checkers.ts'
import { Disk } from './disk.ts'
import type { Recording } from './record.ts'
import { eventsOf } from './trace.ts'

const CHECKERS = 2
/** Folders of broken promises that are kept to be looked at. */
const MOST_KEPT = 5
/** Broken promises of one folder that are told. */
const MOST_NAMED = 3

export interface CutsOptions {
  readonly recording: Recording
  readonly load: CheckTask['load']
  readonly folder: string
  readonly seed: number
  readonly count: number
  readonly say: (line: string) => void
}

/** What came of the power cuts in one trace. */
export interface CutsOutcome {
  readonly events: number
  /** Notes of answers before the cuts, on the average. */
  readonly answers: number
  readonly failures: readonly string[]
}

/** Replays a trace once, and cuts the power at `count` moments. */
export async function cutPower(options: CutsOptions): Promise<CutsOutcome> {
  const { recording, load, folder, seed, count, say } = options
  const events = [...eventsOf(readFileSync(recording.trace))]
  const random = seeded(seed)
  const cuts = Array.from({ length: count }, () => momentOf(events.length, random)).sort((a, b) => a - b)
  const disk = new Disk(recording.rootInode)
  const notes: string[] = []
  const checkers = Array.from({ length: CHECKERS }, createChecker)
  const idle = [...checkers]
  const running = new Set<Promise<void>>()
  const failures: string[] = []
  let [next, kept, answers] = [0, 0, 0]

  const begin = async (cut: number) => {
    while (idle.length === 0) await Promise.race(running)
    const checker = idle.pop()!
    const root = join(folder, `cut-${seed}-${cut}`)
    mkdirSync(root)
    disk.writeCut(root, seeded(seed + cut))
    const work = checker.check({ load, root, notes: [...notes] }).then((broken) => {
      const more = broken.length > MOST_NAMED ? ` and ${broken.length - MOST_NAMED} more` : ''
      const place = `${load}, seed ${seed}, cut ${cut}, at ${cuts[cut]} of ${events.length}`
      if (broken.length > 0) failures.push(`${place}: ${broken.slice(0, MOST_NAMED).join('; ')}${more}`)
      if (broken.length > 0) say(`${failures.at(-1)}; kept in ${root}`)
      if (broken.length === 0 || kept++ >= MOST_KEPT) rmSync(root, { recursive: true })
      idle.push(checker)
    })
    running.add(work)
    void work.finally(() => running.delete(work))
  }

  try {
    for (const [index, event] of events.entries()) {
      if (event.kind === 'note') notes.push(event.text)
      else disk.happen(event)
      if (event.kind === 'note' && event.text.startsWith('{"answers"')) answers += cuts.length - next
      while (next < cuts.length && cuts[next]! <= index) await begin(next++)
    }
    await Promise.all(running)
  } finally {
    for (const checker of checkers) checker.stop()
  }
  return { events: events.length, answers: Math.round(answers / Math.max(1, count)), failures }
}

const momentOf = (events: number, random: Seeded): number => random.below(events)
