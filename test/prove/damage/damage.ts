import { constants, cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Harness, Run, Verdict } from '../harness.ts'
import { type Seeded, seeded } from '../seeded.ts'
import { DAMAGES, type Damage, doDamage } from './damages.ts'
import { type Examined, examine } from './examine.ts'
import { ALLOWED, KINDS, type Kind, kindOf, type Outcome } from './outcomes.ts'
import { makeSpecimens, type Specimens } from './specimen.ts'

/** Damage to files: it is refused by name, served rightly, or named; never wrong bytes, never a hang. A round is every file and damage. */
export const damage: Harness = {
  rounds: 1,
  prove: (run) => proveDamage(run, { most: Number.POSITIVE_INFINITY, isSmall: false }),
}

/** `most`: so many of the cases, chosen by the seed. `isSmall`: without a segment. */
export async function proveDamage(
  { seed, rounds, isFirstEnough, say }: Run,
  { most, isSmall }: { readonly most: number; readonly isSmall: boolean },
): Promise<Verdict> {
  const folder = mkdtempSync(join(tmpdir(), 'standpipe-damage-'))
  const random = seeded(seed)
  const counts = new Map<string, number>()
  const failures: string[] = []
  try {
    const specimens = await makeSpecimens({ folder: join(folder, 'specimens'), copy, isSmall })
    const cases = Array.from({ length: rounds }, () => casesOf(specimens, random)).flat()
    for (const one of cases.slice(0, most)) {
      if (isFirstEnough && failures.length > 0) break
      const path = join(folder, 'damaged')
      copy(one.specimen, path)
      const where = doDamage(join(path, one.file), one.damage, random)
      if (where === undefined) continue
      const found = await examine(path, specimens.contents)
      const title = `${one.state}, ${one.file}, ${one.damage} (${where})`
      const cell = `${one.kind}\n${one.damage}\n${found.outcome}`
      counts.set(cell, (counts.get(cell) ?? 0) + 1)
      say(`${title}: ${found.outcome}: ${found.why}`)
      if (!ALLOWED[one.kind][one.damage].includes(found.outcome))
        failures.push(`seed ${seed}: ${title}: ${found.outcome}: ${found.why}`)
      if (found.outcome === 'refused') failures.push(...(await acceptLoss(path, specimens, title)))
      rmSync(path, { recursive: true })
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return { columns: ['file', 'damage', ...OUTCOMES], rows: rowsOf(counts), failures }
}

interface Case {
  readonly state: 'stopped' | 'killed'
  readonly specimen: string
  readonly file: string
  readonly kind: Kind
  readonly damage: Damage
}

function casesOf(specimens: Specimens, random: Seeded): Case[] {
  const cases = (['stopped', 'killed'] as const).flatMap((state) => {
    const specimen = specimens[state]
    return filesOf(specimen).flatMap((file) => {
      const kind = kindOf(file)
      if (!kind) throw new Error(`nothing says what may come of damage to ${file}`)
      return DAMAGES.map((one): Case => ({ state, specimen, file, kind, damage: one }))
    })
  })
  return cases
    .map((one) => ({ one, order: random.next() }))
    .sort((a, b) => a.order - b.order)
    .map(({ one }) => one)
}

const filesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort()

/** Who accepts the loss gets a server that serves nothing wrong. */
async function acceptLoss(path: string, { contents }: Specimens, title: string): Promise<string[]> {
  const { outcome, why }: Examined = await examine(path, contents, ['--accept-data-loss'])
  const isFine = outcome === 'right' || outcome === 'named' || outcome === 'unnamed'
  return isFine ? [] : [`${title}, with --accept-data-loss: ${outcome}: ${why}`]
}

const copy = (from: string, to: string): void =>
  cpSync(from, to, { recursive: true, mode: constants.COPYFILE_FICLONE })

const OUTCOMES: readonly Outcome[] = [
  'refused',
  'right',
  'named',
  'unnamed',
  'wrong bytes',
  'hang',
  'raw stack',
  'died',
  'unnamed refusal',
]

const rowsOf = (counts: ReadonlyMap<string, number>): (string | number)[][] =>
  (Object.keys(KINDS) as Kind[]).flatMap((kind) =>
    DAMAGES.map((one) => [
      kind,
      one,
      ...OUTCOMES.map((outcome) => counts.get(`${kind}\n${one}\n${outcome}`) ?? ''),
    ]),
  )
