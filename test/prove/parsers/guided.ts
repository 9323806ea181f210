import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import { corpusOf } from './corpus.ts'
import { forOlderGlibc, madeForOlderGlibc } from './older-glibc.ts'
import { TARGETS } from './targets/targets.ts'

const ROOT = join(import.meta.dirname, '../../..')
const PROGRAM = join(import.meta.dirname, 'node_modules/@jazzer.js/core/dist/cli.js')
/** Below node_modules, whence what is not bundled is found. */
const BUNDLES = join(ROOT, 'node_modules/.cache/parsers')
const BUNDLE = 'fuzzed.mjs'
const MOST_BYTES = 2048
/** A parser that takes longer for that hangs. */
const MOST_SECONDS = 10

/** What the fuzzer is run with, or why there is none here. Installs it where it is not yet. */
export function findFuzzer(): { readonly env: NodeJS.ProcessEnv } | { readonly missing: string } {
  if (!existsSync(PROGRAM))
    spawnSync('npm', ['ci', '--prefix', import.meta.dirname, '--silent'], { stdio: 'inherit' })
  if (!existsSync(PROGRAM)) return { missing: 'npm ci could not install @jazzer.js/core' }
  // What was made for an older glibc once is loaded without it, too, and ends at the first call.
  const made = madeForOlderGlibc()
  const why = flawWith(made)
  if (why === undefined) return { env: made }
  const env = why.includes('GLIBC_2.38') ? forOlderGlibc() : undefined
  if (env && flawWith(env) === undefined) return { env }
  return { missing: `@jazzer.js/fuzzer cannot be loaded here (a C++ compiler may help): ${why}` }
}

function flawWith(env: NodeJS.ProcessEnv): string | undefined {
  const { status, stderr } = spawnSync(process.execPath, [PROGRAM, '--version'], {
    ...{ encoding: 'utf8', env: { ...process.env, ...env } },
  })
  return status === 0 ? undefined : (/^Error: (.*)$/m.exec(stderr)?.[1] ?? stderr.slice(0, 300))
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

export interface Guiding {
  /** Its corpora, which grow. */
  readonly folder: string
  readonly runs: number
  readonly seed: number
  readonly env: NodeJS.ProcessEnv
}

export interface Guided {
  readonly runs: number
  /** What the fuzzer said when it found something, with the input in base64; undefined: nothing was found. */
  readonly finding: string | undefined
}

/** Runs one parser so many times. */
export function fuzzParser(name: string, { folder, runs, seed, env }: Guiding): Promise<Guided> {
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
    { env: { ...process.env, ...env, STANDPIPE_PARSER: name }, stdio: ['ignore', 'ignore', 'pipe'] },
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
