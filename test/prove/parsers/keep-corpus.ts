/**
 * `node test/prove/parsers/keep-corpus.ts FOLDER`: makes what lies in FOLDER/NAME the corpus of each parser. Give it
 * what libFuzzer's `-merge=1` left of a run's folder: the fewest inputs that reach all of what was reached.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { corpusFile } from './corpus.ts'
import { TARGETS } from './targets/targets.ts'

const [folder = '.'] = process.argv.slice(2)
for (const name of Object.keys(TARGETS)) {
  const inputs = join(folder, name)
  if (!existsSync(inputs)) continue
  const lines = readdirSync(inputs).map((file) => readFileSync(join(inputs, file)).toString('base64'))
  mkdirSync(dirname(corpusFile(name)), { recursive: true })
  writeFileSync(corpusFile(name), lines.filter(Boolean).toSorted().join('\n').concat('\n'))
}
