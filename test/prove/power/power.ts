import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Harness, Run, Verdict } from '../harness.ts'
import { type CutsOutcome, cutPower } from './cuts.ts'
import { compileRecorder, missing } from './record.ts'
import { recordEngine } from './record-engine.ts'
import { recordServer } from './record-server.ts'

/** Power cuts in one trace. */
const CUTS_PER_TRACE = 50
/** One trace in so many is of a whole server. */
const SERVER_EVERY = 5

/** Power cuts: what was not synced is dropped, torn or reordered; what was acknowledged must be there. */
export const power: Harness = {
  rounds: 1000,
  async prove(run: Run): Promise<Verdict> {
    const lack = missing()
    if (lack) {
      run.say(`skipped: ${lack}`)
      return { columns: COLUMNS, rows: [], failures: [] }
    }
    const folder = mkdtempSync(join(tmpdir(), 'standpipe-power-'))
    const library = compileRecorder(folder)
    const outcomes = { engine: [] as CutsOutcome[], server: [] as CutsOutcome[] }
    const failures: string[] = []
    for (let trace = 0; trace * CUTS_PER_TRACE < run.rounds; trace++) {
      const seed = run.seed + trace * CUTS_PER_TRACE
      const count = Math.min(CUTS_PER_TRACE, run.rounds - trace * CUTS_PER_TRACE)
      const load = trace % SERVER_EVERY === 1 ? 'server' : 'engine'
      const place = mkdtempSync(join(folder, 'trace-'))
      const recording = await (load === 'server' ? recordServer : recordEngine)(place, library, seed)
      const outcome = await cutPower({ recording, load, folder: place, seed, count, say: run.say })
      outcomes[load].push(outcome)
      failures.push(...outcome.failures)
      if (outcome.failures.length === 0) rmSync(place, { recursive: true })
      run.say(`${load}: ${count} power cuts, ${outcome.failures.length} broken`)
      if (run.isFirstEnough && failures.length > 0) break
    }
    if (failures.length === 0) rmSync(folder, { recursive: true })
    const rows = Object.entries(outcomes).flatMap(([load, all]) => (all.length > 0 ? [rowOf(load, all)] : []))
    return { columns: COLUMNS, rows, failures }
  },
}

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
