import type { Harness, Run, Verdict } from '../harness.ts'
import { playRound, type RoundOutcome } from './round.ts'

const ACTS = 45
/** Every so many rounds one has more than a thousand shards. */
const WIDE_EVERY = 12

/**
 * Random lineages, backlogs, failures, clocks, updates, expired shards and restarts: every acknowledged record is in
 * exactly one place or named as gone, in order per shard, parents before children.
 */
export const model: Harness = {
  rounds: 100,
  async prove({ seed, rounds, isFirstEnough, say }: Run): Promise<Verdict> {
    const outcomes: RoundOutcome[] = []
    for (let round = 0; round < rounds; round++) {
      const isWide = round % WIDE_EVERY === WIDE_EVERY - 1
      const outcome = await playRound({ seed: seed + round, acts: isWide ? 12 : ACTS, isWide })
      outcomes.push(outcome)
      for (const failure of outcome.failures) say(failure)
      if (isFirstEnough && outcome.failures.length > 0) break
      if ((round + 1) % 10 === 0) say(`${round + 1} rounds`)
    }
    return verdictOf(outcomes)
  },
}

function verdictOf(outcomes: readonly RoundOutcome[]): Verdict {
  const columns = ['world', 'rounds', 'acts', 'records', 'shards', 'objects', 'named as gone', 'broken']
  const rows = [...Map.groupBy(outcomes, ({ kind }) => kind)].sort().map(([kind, own]) => {
    const sum = (of: (outcome: RoundOutcome) => number) =>
      own.reduce((total, outcome) => total + of(outcome), 0)
    return [
      ...[kind, own.length, sum(({ acts }) => [...acts.values()].reduce((total, count) => total + count, 0))],
      ...[sum(({ records }) => records), sum(({ shards }) => shards), sum(({ objects }) => objects)],
      ...[sum(({ gone }) => gone), sum(({ failures }) => failures.length)],
    ]
  })
  return { columns, rows, failures: outcomes.flatMap(({ failures }) => failures) }
}
