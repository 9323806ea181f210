/**
 * `BENCH_PROFILES=DIR npm run bench -- ROW --only standpipe`, then `node bench/profile.ts DIR/FILE.cpuprofile`: where the
 * server's main thread was, by file and by function, in per cent of what it was not idle.
 */
import { readFileSync } from 'node:fs'

interface Profile {
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number }
  }[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

const IDLE = ['(idle)', '(program)']
const SHOWN = 35

const [path = ''] = process.argv.slice(2)
const profile: Profile = JSON.parse(readFileSync(path, 'utf8'))
const frames = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]))
const byFunction = new Map<string, number>()
const byFile = new Map<string, number>()
let busy = 0
for (const [index, id] of profile.samples.entries()) {
  const { functionName, url, lineNumber } = frames.get(id)!
  if (IDLE.includes(functionName)) continue
  const spent = profile.timeDeltas[index]!
  const file = url.replace(/^.*\/(src|node_modules)\//, '') || functionName
  const name = `${functionName || '(anonymous)'} ${url === '' ? '' : `${file}:${lineNumber + 1}`}`
  busy += spent
  byFile.set(file, (byFile.get(file) ?? 0) + spent)
  byFunction.set(name, (byFunction.get(name) ?? 0) + spent)
}
for (const sums of [byFile, byFunction]) {
  const rows = [...sums].sort(([, a], [, b]) => b - a).slice(0, SHOWN)
  for (const [name, spent] of rows) console.log(`${((100 * spent) / busy).toFixed(1).padStart(6)} %  ${name}`)
  console.log('')
}
