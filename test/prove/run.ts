/** `npm run prove -- HARNESS [--seed N] [--rounds N] [--only STAGE] [--first]`: runs a harness, prints its table, exits 1 when a promise was broken. */
import { parseArgs } from 'node:util'
import type { Harness, Verdict } from './harness.ts'

const HARNESSES: Readonly<Record<string, () => Promise<Harness>>> = {
  fuzz: async () => (await import('./fuzz/fuzz.ts')).fuzz,
  parsers: async () => (await import('./parsers/parsers.ts')).parsers,
  model: async () => (await import('./model/model.ts')).model,
  crash: async () => (await import('./crash/crash.ts')).crash,
  damage: async () => (await import('./damage/damage.ts')).damage,
  mutants: async () => (await import('./mutants/mutants.ts')).mutants,
  power: async () => (await import('./power/power.ts')).power,
  load: async () => (await import('./long/load.ts')).load,
  idle: async () => (await import('./long/idle.ts')).idle,
  signatures: async () => (await import('./signatures/signatures.ts')).signatures,
  plain: async () => (await import('./plain/plain.ts')).plain,
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string' },
    rounds: { type: 'string' },
    only: { type: 'string' },
    first: { type: 'boolean' },
  },
})
const [name = ''] = positionals
const load = HARNESSES[name]
if (!load) refuse(Object.keys(HARNESSES).join('|'))
const harness = await load()
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 32))
const rounds = Number(values.rounds ?? harness.rounds)
const { only } = values
const stages = harness.stages ?? []
const isKnown = only === undefined || stages.includes(only)
if (!(rounds > 0) || !Number.isFinite(seed) || !isKnown)
  refuse(name, stages.length > 0 ? `[--only ${stages.join('|')}] ` : '')
console.log(`npm run prove -- ${name} --seed ${seed} --rounds ${rounds}${only ? ` --only ${only}` : ''}`)
const verdict = await harness.prove({
  seed,
  rounds,
  isFirstEnough: values.first === true,
  ...(only !== undefined && { only }),
  say: (line) => console.error(line),
})
for (const line of linesOf(verdict)) console.log(line)
process.exitCode = verdict.failures.length > 0 ? 1 : 0

function refuse(names: string, only = ''): never {
  console.error(`npm run prove -- ${names} [--seed N] [--rounds N] ${only}[--first]`)
  process.exit(2)
}

function linesOf({ columns, rows, failures, skipped }: Verdict): string[] {
  if (skipped !== undefined) return [`skipped: ${skipped}`]
  const cells = [columns, ...rows].map((row) => row.map(String))
  const widths = columns.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)))
  const table = cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  )
  return [
    ...table,
    '',
    ...(failures.length > 0 ? failures.map((line) => `BROKEN: ${line}`) : ['every promise was kept']),
  ]
}
