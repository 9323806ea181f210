import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import { corpusOf } from './corpus.ts'
import { TARGETS } from './targets/targets.ts'

const ROOT = join(import.meta.dirname, '../../..')
const PROGRAM = join(import.meta.dirname, 'node_modules/@jazzer.js/core/dist/cli.js')
/** Below node_modules, whence what is not bundled is found. */
const BUNDLES = join(ROOT, 'node_modules/.cache/parsers')
const BUNDLE = 'fuzzed.mjs'
const MOST_BYTES = 2048
/** A parser that takes longer for that hangs. */
const MOST_SECONDS = 10

/** Why there is no fuzzer here; undefined: there is one. Installs it where it is not yet. */
export function missingFuzzer(): string | undefined {
  if (!existsSync(PROGRAM))
    spawnSync('npm', ['ci', '--prefix', import.meta.dirname, '--silent'], { stdio: 'inherit' })
  if (!existsSync(PROGRAM)) return 'npm ci could not install @jazzer.js/core'
  const { status, stderr } = spawnSync(process.execPath, [PROGRAM, '--version'], { encoding: 'utf8' })
  const why = /^Error: (.*)$/m.exec(stderr)?.[1] ?? stderr.slice(0, 300)
  return status === 0 ? undefined : `@jazzer.js/fuzzer cannot be loaded here: ${why}`
}

/** The parsers in one file: the fuzzer instruments what it loads, and that is only JavaScript. */
export async function bundle(): Promise<void> {
  const input = join(import.meta.dirname, 'fuzzed.ts')
  await build({
    ...{ configFile: false, logLevel: 'error', root: ROOT, ssr: { noExternal: ['saxes', 'xmlchars'] } },
    build: {
      ...{ ssr: true, minify: false, target: 'node22', outDir: BUNDLES, emptyOutDir: true },
      rollupOptions: { input, output: { entryFileNames: BUNDLE, codeSplitting: false } },
    },
  })
}

/** As libFuzzer reads its dictionaries. */
const dictionaryOf = (words: readonly string[]): string =>
  words.map((text) => `"${[...Buffer.from(text, 'latin1')].map(hex).join('')}"\n`).join('')
const hex = (byte: number): string => `\\x${byte.toString(16).padStart(2, '0')}`

export interface Guided {
  readonly runs: number
  /** What the fuzzer said when it found something, with the input in base64; undefined: nothing was found. */
  readonly finding: string | undefined
}

/** Runs one parser so many times; `folder` holds its corpus, which grows. */
export function fuzzParser(name: string, folder: string, runs: number, seed: number): Promise<Guided> {
  const corpus = join(folder, name)
  mkdirSync(corpus, { recursive: true })
  for (const [index, bytes] of corpusOf(name).entries()) writeFileSync(join(corpus, `kept-${index}`), bytes)
  const dictionary = join(folder, `${name}.dict`)
  writeFileSync(dictionary, dictionaryOf(TARGETS[name]!.words))
  const bounds = [`-runs=${runs}`, `-seed=${seed}`, `-max_len=${MOST_BYTES}`, `-timeout=${MOST_SECONDS}`]
  const files = [`-dict=${dictionary}`, `-artifact_prefix=${join(folder, `${name}-`)}`]
  const sync = TARGETS[name]!.isSync ? ['--sync'] : []
  const child = spawn(
    process.execPath,
    [
      PROGRAM,
      join(BUNDLES, BUNDLE),
      '-f',
      'fuzz',
      ...sync,
      '--disableBugDetectors=.*',
      '-i',
      BUNDLE,
      '--',
    ].concat(corpus, bounds, files),
    { env: { ...process.env, STANDPIPE_PARSER: name }, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  let said = ''
  child.stderr.on('data', (piece) => {
    said = (said + piece).slice(-20_000)
  })
  return new Promise((resolve) =>
    child.once('close', (code) => {
      const done = Number(/^Done (\d+) runs/m.exec(said)?.[1] ?? 0)
      const base64 = /^Base64: (.*)$/m.exec(said)?.[1]
      const why = /(Uncaught Exception|ERROR): .*/.exec(said)?.[0] ?? `exit ${code}: ${said.slice(-500)}`
      resolve({ runs: done, finding: code === 0 ? undefined : `${why}, with base64 ${base64}` })
    }),
  )
}
