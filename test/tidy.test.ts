import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { test } from 'node:test'

/** Who may import whom: the architecture (ARCHITECTURE.md prints it). A room is a folder or a file of src/. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  clock: [],
  service: [],
  'engine/ports': [],
  engine: ['engine/ports', 'clock'],
  metrics: ['clock'],
  wire: ['service', 'clock'],
  kinesis: ['service', 'engine/ports', 'clock', 'metrics'],
  firehose: ['service', 'engine/ports', 'clock', 'metrics'],
  s3: ['service', 'engine/ports', 'clock', 'metrics'],
  remote: ['service', 'clock'],
  sts: ['service'],
  api: ['service', 'metrics', 'wire', 'clock'],
  console: ['wire'],
  config: [],
  log: [],
  cli: ['config', 'log', 'service', 'start', 'index', 'clock', 'metrics'],
}
/** The composition root and the public API know every room. */
const KNOWS_ALL = ['start', 'index']
/** The engine's ports, and what stands once above every engine. */
const PORTS = ['engine', 'update', 'list-wanted', 'record', 'lease'].map((name) => `src/engine/${name}.ts`)
const FORBIDDEN_NAMES = /(^|[/-])(utils?|helpers?|common|types|managers?)(\.|\/|-|$)/
const MAX_LINES = { median: 80, p90: 200, most: 300 }

const files = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', '--', 'src', 'test', 'bench', 'console'],
  { encoding: 'utf8' },
)
  .split('\n')
  .filter((path) => /\.tsx?$/.test(path))
/** The browser's code. */
const pages = files.filter((path) => path.startsWith('console/'))
const sources = files.filter((path) => path.startsWith('src/'))
const textOf = (path: string) => readFileSync(path, 'utf8')

const roomOf = (path: string): string =>
  PORTS.includes(path)
    ? 'engine/ports'
    : path
        .replace(/^src\//, '')
        .replace(/\.ts$/, '')
        .split('/')[0]!

const importsOf = (path: string): string[] =>
  [...textOf(path).matchAll(/(?:from|import\()\s*'([^']+)'/g)].map((match) => match[1]!)

test('every room imports only what the import table allows', () => {
  const wrong: string[] = []
  for (const path of sources) {
    const room = roomOf(path)
    if (KNOWS_ALL.includes(room)) continue
    const allowed = MAY_IMPORT[room]
    assert.ok(allowed, `${path}: the room '${room}' is not in the import table`)
    for (const target of importsOf(path).filter((name) => name.startsWith('.'))) {
      const other = roomOf(normalize(join(dirname(path), target)))
      if (other !== room && !allowed.includes(other)) wrong.push(`${path} imports ${target}`)
    }
  }
  assert.deepEqual(wrong, [])
})

test('only clock/ tells the time, sets timers or rolls dice', () => {
  // How long a socket may be idle is no timer of ours: sockets do not wait for the virtual clock.
  const banned =
    /\bDate\.now\(|\bnew Date\(\)|\bperformance\.now|(?<!\bsocket\.)\bsetTimeout\(|\bsetInterval\(|\bMath\.random|\brandomUUID|\brandomBytes/
  const wrong = sources.filter((path) => roomOf(path) !== 'clock' && banned.test(textOf(path)))
  assert.deepEqual(wrong, [])
})

test('only the listener opens a port', () => {
  const servers = /'node:(http|https|http2|tls|net)'/
  const allowed = /^src\/(wire\/listener|cli\/)/
  assert.deepEqual(
    sources.filter((path) => !allowed.test(path) && servers.test(textOf(path))),
    [],
  )
})

test("the console's code knows of the server only what the API answers", () => {
  const wrong = pages.flatMap((path) =>
    importsOf(path)
      .filter((name) => /^(node:|(\.\.\/)+src\/)/.test(name) && !name.endsWith('/src/api/views.ts'))
      .map((name) => `${path} imports ${name}`),
  )
  assert.deepEqual(wrong, [])
  assert.deepEqual(
    pages.filter((path) => /dangerouslySetInnerHTML|innerHTML|document\.write/.test(textOf(path))),
    [],
  )
})

test('files are short: the median, the ninetieth percentile and the longest are within bounds', () => {
  const lengths = [...sources, ...pages]
    .map((path) => ({ path, lines: textOf(path).split('\n').length - 1 }))
    .sort((a, b) => a.lines - b.lines)
  const at = (share: number) => lengths[Math.min(lengths.length - 1, Math.floor(lengths.length * share))]!
  assert.ok(at(0.5).lines <= MAX_LINES.median, `median: ${at(0.5).lines} lines`)
  assert.ok(at(0.9).lines <= MAX_LINES.p90, `p90: ${at(0.9).lines} lines`)
  assert.deepEqual(
    lengths.filter(({ lines }) => lines > MAX_LINES.most),
    [],
  )
})

test('file names are kebab-case and say what is in the file', () => {
  assert.deepEqual(
    files.filter((path) => /[A-Z_]/.test(path) || FORBIDDEN_NAMES.test(path)),
    [],
  )
})

test('there are no default exports, and no barrel but index.ts', () => {
  const wrong = sources.filter(
    (path) =>
      /^export default/m.test(textOf(path)) ||
      (path !== 'src/index.ts' && /^export \* from/m.test(textOf(path))),
  )
  assert.deepEqual(wrong, [])
})

test('a test that is skipped says why', () => {
  const wrong = files.filter(
    (path) =>
      path.startsWith('test/') &&
      /skip: true|\.skip\(\)|test\.only|\.todo\(/.test(textOf(path)) &&
      path !== 'test/tidy.test.ts',
  )
  assert.deepEqual(wrong, [])
})

test('sources do without `using`, which Node 22 cannot read unbuilt', () => {
  const using = /^\s*(await )?using \w+ =/m
  assert.deepEqual(
    sources.filter((path) => using.test(textOf(path))),
    [],
  )
})
