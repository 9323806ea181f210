/**
 * `npm run prove -- parsers`: what reads what others wrote, under a fuzzer that goes by what of the code each input
 * reaches. `--rounds` is how often each parser is run; it begins with the corpus, and what it adds to that is left in a
 * folder (`keep-corpus.ts` keeps it).
 */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Harness, Run, Verdict } from '../harness.ts'
import { corpusOf } from './corpus.ts'
import { bundle, findFuzzer, fuzzParser } from './guided.ts'
import { TARGETS } from './targets/targets.ts'

export const parsers: Harness = { rounds: 100_000, prove }

async function prove({ seed, rounds, say, isFirstEnough }: Run): Promise<Verdict> {
  const columns = ['parser', 'kept inputs', 'runs', 'broken']
  const found = findFuzzer()
  if ('missing' in found) return { columns, rows: [], failures: [], skipped: found.missing }
  await bundle()
  const folder = mkdtempSync(join(tmpdir(), 'standpipe-parsers-'))
  const rows: (string | number)[][] = []
  const failures: string[] = []
  for (const name of Object.keys(TARGETS)) {
    // 0 would be any.
    const guiding = { folder, runs: rounds, seed: seed % 2 ** 31 || 1, env: found.env }
    const { runs, finding } = await fuzzParser(name, guiding)
    rows.push([name, corpusOf(name).length, runs, finding === undefined ? 0 : 1])
    if (finding !== undefined) failures.push(`${name}: ${finding}`)
    if (failures.length > 0 && isFirstEnough) break
    say(`${name}: ${runs} runs`)
  }
  say(`what was added to the corpus is in ${folder}`)
  return { columns, rows, failures }
}
