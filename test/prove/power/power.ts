import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Harness, Run, Verdict } from '../harness.ts'
import { type CutsOutcome, cutPower } from './cuts.ts'
import { compileRecorder, missing } from './record.ts'
import { recordEngine } from './record-load.ts'

/** Power cuts in one trace. */
const CUTS_PER_TRACE = 50

/** Power cuts: what was not synced is dropped, torn or reordered; what was acknowledged must be there. */
export const power: Harness = {
  rounds: 1000,
  async prove(run: Run): Promise<Verdict> {
    const columns = ['load', 'traces', 'power cuts', 'events a trace', 'answers before a cut', 'broken']
    const lack = missing()
    if (lack) return { columns, rows: [[`skipped: ${lack}`, 0, 0, 0, 0, 0]], failures: [] }
    const folder = mkdtempSync(join(tmpdir(), 'standpipe-power-'))
    const library = compileRecorder(folder)
    const outcomes: CutsOutcome[] = []
    for (let done = 0; done < run.rounds; done += CUTS_PER_TRACE) {
      const seed = run.seed + done
      const count = Math.min(CUTS_PER_TRACE, run.rounds - done)
      const place = mkdtempSync(join(folder, 'trace-'))
      const recording = await recordEngine(place, library, seed)
      const outcome = await cutPower({ recording, load: 'engine', folder: place, seed, count, say: run.say })
      outcomes.push(outcome)
      if (outcome.failures.length === 0) rmSync(place, { recursive: true })
      run.say(`${done + count} power cuts, ${outcomes.flatMap(({ failures }) => failures).length} broken`)
    }
    const failures = outcomes.flatMap((outcome) => outcome.failures)
    if (failures.length === 0) rmSync(folder, { recursive: true })
    const mean = (of: (outcome: CutsOutcome) => number) =>
      Math.round(outcomes.reduce((sum, outcome) => sum + of(outcome), 0) / outcomes.length)
    const row = [
      'engine',
      outcomes.length,
      run.rounds,
      mean(({ events }) => events),
      mean(({ answers }) => answers),
      failures.length,
    ]
    return { columns, rows: [row], failures }
  },
}
