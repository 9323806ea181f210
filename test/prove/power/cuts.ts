import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Seeded, seeded } from '../seeded.ts'
import type { CheckTask } from './checker.ts'
import { createChecker } from './checkers.ts'
import type { Disk } from './disk.ts'
import { BEGUN } from './notes.ts'
import { type LeftByCut, type Recording, treeOf } from './record.ts'
import { eventsOf, type TraceEvent } from './trace.ts'

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
  /** One of the cuts is not checked, but left for a load that goes on with it. */
  readonly isGoneOnWith?: boolean
  readonly say: (line: string) => void
}

/** What came of the power cuts in one trace. */
export interface CutsOutcome {
  readonly cuts: number
  readonly events: number
  /** Notes of answers before the cuts, on the average. */
  readonly answers: number
  readonly failures: readonly string[]
  readonly left?: LeftByCut
}

/** Replays a trace once, and cuts the power at `count` moments. */
export async function cutPower(options: CutsOptions): Promise<CutsOutcome> {
  const { recording, load, folder, seed, count, isGoneOnWith = false, say } = options
  const events = [...eventsOf(readFileSync(recording.trace))]
  const random = seeded(seed)
  const begin = 1 + events.findIndex((event) => event.kind === 'note' && event.text === JSON.stringify(BEGUN))
  const cuts = momentsOf(events, begin, count, random)
  const { disk } = recording
  const notes = [...recording.notes]
  const checkers = Array.from({ length: CHECKERS }, createChecker)
  const idle = [...checkers]
  const running = new Set<Promise<void>>()
  const failures: string[] = []
  const goesOn = isGoneOnWith ? random.below(count) : -1
  let left: LeftByCut | undefined
  let [next, kept, answers] = [0, 0, 0]

  const cutAt = async (cut: number) => {
    while (idle.length === 0) await Promise.race(running)
    const checker = idle.pop()!
    const root = join(folder, `cut-${seed}-${cut}`)
    mkdirSync(root)
    disk.writeCut(root, seeded(seed + cut))
    if (cut === goesOn) {
      left = { root, notes: [...notes] }
      idle.push(checker)
      return
    }
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
      if (event.kind === 'note') {
        if (index >= begin) notes.push(event.text)
      } else disk.happen(event)
      if (event.kind === 'note' && event.text.startsWith('{"answers"')) answers += cuts.length - next
      while (next < cuts.length && cuts[next]! <= index) await cutAt(next++)
    }
    await Promise.all(running)
    failures.push(...compareWithReal(disk, recording, folder).map((line) => `${load}, seed ${seed}: ${line}`))
  } finally {
    for (const checker of checkers) checker.stop()
  }
  const mean = Math.round(answers / Math.max(1, count))
  return { cuts: count, events: events.length, answers: mean, failures, ...(left && { left }) }
}

/** A third of the power cuts come just behind a change of names or sizes: making, rolling and taking away is rare. */
function momentsOf(events: readonly TraceEvent[], begin: number, count: number, random: Seeded): number[] {
  const rare = [...events.keys()].filter((index) => index >= begin && RARE.includes(events[index]!.kind))
  const moments = Array.from({ length: count }, () =>
    rare.length > 0 && random.below(3) === 0
      ? Math.min(events.length - 1, random.pick(rare) + random.below(4))
      : begin + random.below(events.length - begin),
  )
  return moments.sort((a, b) => a - b)
}

const RARE: readonly TraceEvent['kind'][] = ['file', 'folder', 'truncate', 'unlink', 'rename', 'link']

/** In words, where what the recorder saw does not add up to the folder as it is: then it has missed something. */
export function compareWithReal(disk: Disk, { root }: Recording, folder: string): string[] {
  const rebuilt = join(folder, 'rebuilt')
  mkdirSync(rebuilt)
  disk.writeWhole(rebuilt)
  const [real, seen] = [treeOf(root), treeOf(rebuilt)]
  rmSync(rebuilt, { recursive: true })
  const names = [...new Set([...real.keys(), ...seen.keys()])]
  return names
    .filter(
      (name) => !name.endsWith(WRITTEN_THROUGH_MEMORY) && !real.get(name)?.equals(seen.get(name) ?? MISSING),
    )
    .map((name) => `the recorder has missed something of ${name}`)
}

/** LMDB's lock file, which holds nothing that outlives a process. */
const WRITTEN_THROUGH_MEMORY = 'metadata/lock.mdb'
const MISSING = Buffer.from('missing')
