import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { TARGETS } from './targets/targets.ts'

export const corpusFile = (name: string): string => join(import.meta.dirname, 'corpus', `${name}.txt`)

/** What was kept for a parser: an input a line, in base64; and what it was begun with. */
export function corpusOf(name: string): readonly Buffer[] {
  const path = corpusFile(name)
  const kept = existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : []
  const seeds = TARGETS[name]?.seeds ?? []
  return [
    ...seeds.map((seed) => Buffer.from(seed, 'latin1')),
    ...kept.map((line) => Buffer.from(line, 'base64')),
  ]
}
