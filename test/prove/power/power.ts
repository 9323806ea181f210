import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Harness, Run, Verdict } from '../harness.ts'
import { type CutsOutcome, cutPower } from './cuts.ts'
import { compileRecorder, type LeftByCut, missing } from './record.ts'
import { recordEngine } from './record-engine.ts'
import { recordServer } from './record-server.ts'

/** Power cuts in one trace. */
const CUTS_PER_TRACE = 40
type Load = 'engine' | 'engine, cut again' | 'server'
/** Trace by trace; one that is cut again goes on with what a cut has left of the one before. */
const LOADS: readonly Load[] = ['engine', 'engine, cut again', 'server', 'engine', 'engine, cut again']

/** Power cuts: what was not synced is dropped, torn or reordered; what was acknowledged must be there. */
export const power: Harness = {
  rounds: 1000,
  async prove(run: Run): Promise<Verdict> {
    const lack = missing()
    if (lack) return { columns: COLUMNS, rows: [], failures: [], skipped: lack }
    const folder = mkdtempSync(join(tmpdir(), 'standpipe-power-'))
    const library = compileRecorder(folder)
    const outcomes: Record<Load, CutsOutcome[]> = { engine: [], 'engine, cut again': [], server: [] }
    const failures: string[] = []
    let left: LeftByCut | undefined
    for (let trace = 0, done = 0; done < run.rounds; trace++) {
      const seed = run.seed + done
      const count = Math.min(CUTS_PER_TRACE, run.rounds - done)
      const load = LOADS[trace % LOADS.length]!
      const place = mkdtempSync(join(folder, 'trace-'))
      const options = { folder: place, library, seed, ...(load === 'engine, cut again' && left && { left }) }
      const record = load === 'server' ? recordServer : recordEngine
      const outcome = await record(options)
        .then((recording) =>
          cutPower({
            recording,
            load: load === 'server' ? 'server' : 'engine',
            folder: place,
            seed,
            count,
            isGoneOnWith: LOADS[(trace + 1) % LOADS.length] === 'engine, cut again',
            say: run.say,
          }),
        )
        .catch((error: Error) => notCut(`${load}, seed ${seed}: ${error.stack}`))
      left = outcome.left
      outcomes[load].push(outcome)
      failures.push(...outcome.failures)
      if (outcome.failures.length === 0 && !left) rmSync(place, { recursive: true })
      done += count
      run.say(`${load}: ${count} power cuts, ${outcome.failures.length} broken`)
      if (run.isFirstEnough && failures.length > 0) break
    }
    if (failures.length === 0) rmSync(folder, { recursive: true })
    const rows = Object.entries(outcomes).flatMap(([load, all]) => (all.length > 0 ? [rowOf(load, all)] : []))
    return { columns: COLUMNS, rows, failures }
  },
}

/** The load itself broke: what it worked on is not there, or it was killed by what it met. */
const notCut = (why: string): CutsOutcome => ({ cuts: 0, events: 0, answers: 0, failures: [why] })

const COLUMNS = ['load', 'traces', 'power cuts', 'events a trace', 'answers before a cut', 'broken']

function rowOf(load: string, outcomes: readonly CutsOutcome[]): (string | number)[] {
  const sum = (of: (outcome: CutsOutcome) => number) => outcomes.reduce((total, one) => total + of(one), 0)
  const mean = (of: (outcome: CutsOutcome) => number) => Math.round(sum(of) / outcomes.length)
  return [
    load,
    outcomes.length,
    sum(({ cuts }) => cuts),
    mean(({ events }) => events),
    mean(({ answers }) => answers),
    sum(({ failures }) => failures.length),
  ]
}
