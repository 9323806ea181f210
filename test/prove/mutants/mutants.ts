import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Harness, Run, Verdict } from '../harness.ts'
import { applies, apply, copyCheckout, listMutants, type Mutant, runCatcher } from './mutant.ts'

/** Seeded faults: each is caught by the harness or test that says so, which finds nothing without it. */
export const mutants: Harness = {
  rounds: 1,
  async prove({ seed, rounds, say }: Run): Promise<Verdict> {
    const folder = mkdtempSync(join(tmpdir(), 'standpipe-mutants-'))
    // The checkout may change meanwhile.
    const original = join(folder, 'original')
    mkdirSync(original)
    copyCheckout(original)
    const rows: Verdict['rows'][number][] = []
    const failures: string[] = []
    const judge = async (
      mutant: Pick<Mutant, 'name' | 'caughtBy'>,
      wanted: boolean,
      change: (at: string) => void,
    ) => {
      const at = join(folder, mutant.name)
      cpSync(original, at, { recursive: true, verbatimSymlinks: true })
      change(at)
      const startedAt = performance.now()
      const { isCaught, said } = await runCatcher(at, mutant.caughtBy, seed + rows.length)
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
      rows.push([
        mutant.name,
        mutant.caughtBy,
        isCaught ? 'caught' : wanted ? 'NOT CAUGHT' : 'nothing found',
        `${seconds} s`,
      ])
      say(rows.at(-1)!.join('  '))
      if (isCaught && !wanted) failures.push(`${mutant.caughtBy} finds a fault without a mutant: ${said}`)
      if (!isCaught && wanted) failures.push(`${mutant.name} is not caught by ${mutant.caughtBy}`)
      rmSync(at, { recursive: true })
    }
    try {
      const all = listMutants()
      for (const caughtBy of new Set(all.map((mutant) => mutant.caughtBy)))
        await judge({ name: 'none', caughtBy }, false, () => undefined)
      for (let round = 0; round < rounds; round++)
        for (const mutant of all)
          if (applies(mutant)) await judge(mutant, true, (at) => apply(mutant, at))
          else failures.push(`${mutant.name} does not apply any more`)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
    return { columns: ['mutant', 'caught by', 'outcome', 'time'], rows, failures }
  },
}
