import type { Harness, Run, Verdict } from '../harness.ts'
import { runMixed } from './run-mixed.ts'
import { runScenario } from './run-scenario.ts'
import { SCENARIOS, titleOf } from './scenario.ts'

/** The share of the kills under the mixed load; the scenarios share the others. */
const MIXED_SHARE = 0.7

/** SIGKILL at any time: what was acknowledged is there, once, in its order and place. */
export const crash: Harness = {
  rounds: 500,
  async prove({ seed, rounds, isFirstEnough = false, say }: Run): Promise<Verdict> {
    const mixedRounds = Math.ceil(rounds * MIXED_SHARE)
    const scenarioRounds = Math.ceil((rounds - mixedRounds) / SCENARIOS.length)
    const rows: Verdict['rows'][number][] = []
    const failures: string[] = []
    const add = (title: string, kills: number, startedAt: number, outcome: Outcome) => {
      const { acknowledged, objects, broken } = outcome
      const seconds = Math.round((performance.now() - startedAt) / 1000)
      rows.push([title, kills, acknowledged, objects, broken.length, `${seconds} s`])
      failures.push(...broken)
      say(rows.at(-1)!.join('  '))
    }
    let startedAt = performance.now()
    add(
      'everything at once',
      mixedRounds,
      startedAt,
      await runMixed({ seed, rounds: mixedRounds, isFirstEnough, say }),
    )
    for (const [index, scenario] of SCENARIOS.entries()) {
      if (scenarioRounds === 0 || (isFirstEnough && failures.length > 0)) break
      startedAt = performance.now()
      const { lost, doubled, misplaced, ...outcome } = await runScenario(scenario, scenarioRounds, index)
      const title = titleOf(scenario)
      const broken = Object.entries({ lost, doubled, misplaced })
        .filter(([, ids]) => ids.length > 0)
        .map(([what, ids]) => `${title}: ${ids.length} records are ${what}, the first is ${ids[0]}`)
      add(title, scenarioRounds, startedAt, { ...outcome, broken })
    }
    return { columns: ['load', 'kills', 'acknowledged', 'objects', 'broken', 'time'], rows, failures }
  },
}

interface Outcome {
  readonly acknowledged: number
  readonly objects: number
  readonly broken: readonly string[]
}
