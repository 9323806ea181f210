/** `npm run test:crash [-- ROUNDS]`: kills a server ROUNDS times in each scenario and prints what came of it. */
import { runScenario } from './harness.ts'
import { KILL_POINTS } from './kill-points.ts'
import { SCENARIOS, titleOf } from './scenario.ts'

const rounds = Number(process.argv[2] ?? 26)
const rows: (readonly (string | number)[])[] = []
const kills = new Map<string, number>()
let isWhole = true

for (const scenario of SCENARIOS) {
  const startedAt = performance.now()
  const verdict = await runScenario(scenario, rounds)
  const { lost, doubled, misplaced } = verdict
  isWhole &&= lost.length + doubled.length + misplaced.length === 0
  for (const [point, count] of verdict.kills) kills.set(point, (kills.get(point) ?? 0) + count)
  const seconds = Math.round((performance.now() - startedAt) / 1000)
  const found = [lost, doubled, misplaced].map(({ length }) => length)
  rows.push([titleOf(scenario), rounds, verdict.acknowledged, verdict.objects, ...found, `${seconds} s`])
  console.error(rows.at(-1)!.join('  '))
}

const head = ['scenario', 'kills', 'acknowledged', 'objects', 'lost', 'doubled', 'misplaced', 'time']
const lines = [head, ...rows].map((row) => row.map(String))
const widths = head.map((_, column) => Math.max(...lines.map((row) => row[column]!.length)))
for (const row of lines) console.log(row.map((cell, column) => cell.padEnd(widths[column]!)).join('  '))
console.log(`\n${rows.length * rounds} kills by SIGKILL, when …`)
for (const point of KILL_POINTS) console.log(`  ${point.padEnd(24)} ${kills.get(point) ?? 0}`)
console.log(isWhole ? '\neach acknowledged record is in exactly one object' : '\nFAILED')
process.exitCode = isWhole ? 0 : 1
