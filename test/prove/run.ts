/** `npm run prove -- HARNESS [--seed N] [--rounds N] [--first]`: runs a harness, prints its table, exits 1 when a promise was broken. */
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
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string' }, rounds: { type: 'string' }, first: { type: 'boolean' } },
})
const [name = ''] = positionals
const load = HARNESSES[name]
if (!load) {
  console.error(`npm run prove -- ${Object.keys(HARNESSES).join('|')} [--seed N] [--rounds N] [--first]`)
  process.exit(2)
}
const harness = await load()
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 32))
const rounds = Number(values.rounds ?? harness.rounds)
console.log(`npm run prove -- ${name} --seed ${seed} --rounds ${rounds}`)
const verdict = await harness.prove({
  seed,
  rounds,
  isFirstEnough: values.first === true,
  say: (line) => console.error(line),
})
for (const line of linesOf(verdict)) console.log(line)
process.exitCode = verdict.failures.length > 0 ? 1 : 0

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
