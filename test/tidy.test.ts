import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { test } from 'node:test'
import {
  arrowsIn,
  circlesIn,
  doubledNames,
  fileArrows,
  filesByFolder,
  foldersOf,
  importsOf,
  isInList,
  rhymesIn,
  trackedFiles,
} from './rooms.ts'
import { filesOf } from './together/together.ts'

/** What the command line shares with the server that it may start. */
const FOR_CLI = ['config', 'log', 'package-version', 'stored-data'].map((name) => `src/server/${name}.ts`)
/**
 * Who may import whom: the architecture (ARCHITECTURE.md prints it). A room is a folder or a file of src/; each imports
 * only rooms that stand below it here. Only the rooms that wire and that look into everything see two services.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[] | 'all below'>> = {
  index: ['start'],
  cli: ['start', ...FOR_CLI, 'kpl', 'service', 'metrics', 'clock'],
  start: ['server', 'insight', 'clock'],
  server: 'all below',
  insight: [
    'api',
    'firehose',
    'kinesis',
    'delivery',
    's3',
    'iam',
    'remote',
    'kpl',
    'service',
    'engine/ports',
    'metrics',
    'clock',
  ],
  api: ['wire', 'service', 'metrics', 'clock'],
  firehose: ['delivery', 'auth', 'service', 'engine/ports', 'metrics', 'clock'],
  kinesis: ['delivery', 'auth', 'service', 'engine/ports', 'metrics', 'clock'],
  s3: ['auth', 'service', 'engine/ports', 'metrics', 'clock'],
  delivery: ['kpl', 'service', 'engine/ports', 'metrics', 'clock'],
  iam: ['auth', 'service', 'engine/ports', 'metrics', 'clock'],
  sts: ['auth', 'service', 'engine/ports', 'clock'],
  auth: ['service'],
  remote: ['service', 'clock'],
  wire: ['service', 'clock'],
  kpl: [],
  service: [],
  engine: ['engine/ports', 'metrics', 'clock'],
  'engine/ports': ['clock'],
  metrics: ['clock'],
  clock: [],
}
/** File names that mean the same in every room: its table of operations, what they ask leave for, its exceptions, its documents, its shapes; each engine's stores. */
const SAME_EVERYWHERE = [
  ...['service.ts', 'exceptions.ts', 'store.ts', 'shapes.ts', 'description.ts', 'accesses.ts'],
  ...['log-store.ts', 'metadata-store.ts', 'blob-store.ts'],
]
/** The process's entry, which bin/ runs. */
const LAUNCHED = 'src/cli.ts'

/**
 * What some rooms do not keep yet: whoever tidies a room takes its lines away, and at the end all of it is gone. A line
 * is a folder, or a file's name.
 */
const NOT_YET: Readonly<Record<'circles' | 'crowded' | 'doubled' | 'rhymes', readonly string[]>> = {
  circles: [],
  crowded: [],
  doubled: [],
  rhymes: [],
}

/** Files side by side in a room that is no list. */
const MOST_IN_A_ROOM = 14
/** Of files whose names share a word, so many are a family and want a room of their own. */
const A_FAMILY = 4
const FORBIDDEN_NAMES = /(^|[/-])(utils?|helpers?|common|types|managers?)(\.|\/|-|$)/
const MAX_LINES = { median: 80, p90: 200, most: 400 }

const files = trackedFiles('src', 'test', 'bench', 'console').filter((path) => /\.tsx?$/.test(path))
/** The browser's code. */
const pages = files.filter((path) => path.startsWith('console/'))
const sources = files.filter((path) => path.startsWith('src/'))
const arrows = fileArrows([...sources, ...pages])
const folders = [...foldersOf(sources, 'src'), ...foldersOf(pages, 'console')]
const textOf = (path: string) => readFileSync(path, 'utf8')

const roomOf = (path: string): string =>
  path.startsWith('src/engine/ports/')
    ? 'engine/ports'
    : path
        .replace(/^src\//, '')
        .replace(/\.ts$/, '')
        .split('/')[0]!

/** What is found beside what is known, and what is known but kept by now. */
const beyond = (known: readonly string[], found: readonly (readonly [name: string, what: string])[]) => ({
  wrong: found.filter(([name]) => !known.includes(name)).map(([, what]) => what),
  done: known.filter((name) => !found.some(([other]) => other === name)),
})

test('every room imports only what the import table allows, and the table points down', () => {
  const rows = Object.keys(MAY_IMPORT)
  const allowedTo = (room: string): readonly string[] => {
    const below = rows.slice(rows.indexOf(room) + 1)
    const allowed = MAY_IMPORT[room]
    assert.ok(allowed, `the room '${room}' is not in the import table`)
    if (allowed === 'all below') return below
    assert.deepEqual(
      allowed.filter((other) => !below.includes(other) && !below.includes(roomOf(other))),
      [],
      `${room} points up`,
    )
    return allowed
  }
  const wrong: string[] = []
  for (const path of sources) {
    const room = roomOf(path)
    const allowed = allowedTo(room)
    for (const target of arrows.get(path) ?? []) {
      const other = roomOf(target)
      const isAllowed = allowed.includes(other) || allowed.includes(target)
      if (other !== room && !isAllowed) wrong.push(`${path} imports ${target}`)
    }
  }
  assert.deepEqual(wrong, [])
})

test('no arrows go in a circle, neither among files nor among what lies in a folder', (t) => {
  const found = folders.flatMap((folder) =>
    circlesIn(arrowsIn(folder, arrows)).map(
      (circle) => [folder, `a circle in ${folder}: ${circle.join(' ')}`] as const,
    ),
  )
  const { wrong, done } = beyond(NOT_YET.circles, found)
  if (done.length > 0) t.diagnostic(`no circles any more: take out of NOT_YET ${done.join(' ')}`)
  assert.deepEqual(wrong, [])
  // A circle of files is one of the folder that holds them all.
  if (found.length === 0) assert.deepEqual(circlesIn(arrows), [])
})

test('a room has at most fourteen files side by side', (t) => {
  const found = [...filesByFolder([...sources, ...pages])]
    .filter(([, inside]) => inside.length > MOST_IN_A_ROOM && !isInList(inside[0]!))
    .map(([folder, inside]) => [folder, `${folder}: ${inside.length} files`] as const)
  const { wrong, done } = beyond(NOT_YET.crowded, found)
  if (done.length > 0) t.diagnostic(`not crowded any more: take out of NOT_YET ${done.join(' ')}`)
  assert.deepEqual(wrong, [])
})

test('no two files have one name, unless they mean the same, and no file that of a folder beside it', (t) => {
  const doubled = [...doubledNames(sources), ...doubledNames(pages)]
    .filter(([name]) => !SAME_EVERYWHERE.includes(name))
    .map(([name, paths]) => [name, paths.join(' ')] as const)
  const besideFolders = [...sources, ...pages]
    .filter((path) => folders.includes(path.replace(/\.tsx?$/, '')) && path !== LAUNCHED)
    .map((path) => [path, `${path} and the folder beside it`] as const)
  const { wrong, done } = beyond(NOT_YET.doubled, [...doubled, ...besideFolders])
  if (done.length > 0) t.diagnostic(`named once now: take out of NOT_YET ${done.join(' ')}`)
  assert.deepEqual(wrong, [])
})

test('files whose names rhyme have a room of their own', (t) => {
  const found = [...filesByFolder([...sources, ...pages])]
    .filter(([, inside]) => !isInList(inside[0]!))
    .flatMap(([folder, inside]) =>
      rhymesIn(
        inside.map((path) => path.split('/').at(-1)!),
        A_FAMILY,
      ).map((rhyme) => [`${folder}/${rhyme}`, `${folder}/${rhyme}`] as const),
    )
  const { wrong, done } = beyond(NOT_YET.rhymes, found)
  if (done.length > 0) t.diagnostic(`no family any more: take out of NOT_YET ${done.join(' ')}`)
  assert.deepEqual(wrong, [])
})

test('a circle is found in whatever it hides', () => {
  const among = (rows: Readonly<Record<string, readonly string[]>>) =>
    new Map(Object.entries(rows).map(([from, to]) => [from, new Set(to)]))
  assert.deepEqual(circlesIn(among({ a: ['b'], b: ['c'], c: [] })), [])
  assert.deepEqual(circlesIn(among({ a: ['b', 'd'], b: ['c'], c: ['b'], d: ['e'], e: ['d', 'a'] })), [
    ['b', 'c'],
    ['a', 'd', 'e'],
  ])
  // No file reaches itself here, but the room and its own file reach each other.
  const files = among({
    'src/k/k.ts': ['src/k/streams/store.ts'],
    'src/k/streams/store.ts': ['src/k/exception.ts'],
    'src/k/streams/list.ts': ['src/k/k.ts'],
    'src/k/exception.ts': [],
  })
  assert.deepEqual(circlesIn(files), [])
  assert.deepEqual(circlesIn(arrowsIn('src/k', files)), [['k.ts', 'streams']])
})

test('what carries every service names none of them: only s3/ knows its dialect', () => {
  const names = /\bs3|amazons3|bucket|aws-chunked|kinesis|firehose|\bsts\b/i
  const wrong = sources.flatMap((path) =>
    ['wire', 'service'].includes(roomOf(path))
      ? textOf(path)
          .split('\n')
          .flatMap((line, index) => (names.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : []))
      : [],
  )
  assert.deepEqual(wrong, [])
})

test('only clock/ tells the time, sets timers or rolls dice', () => {
  // How long a socket may be idle is no timer of ours: sockets do not wait for the virtual clock.
  const banned =
    /\bDate\.now\(|\bnew Date\(\)|\bperformance\.now|(?<!\bsocket\.)\bsetTimeout\(|\bsetInterval\(|\bMath\.random|\brandomUUID|\brandomBytes/
  const wrong = sources.filter((path) => roomOf(path) !== 'clock' && banned.test(textOf(path)))
  assert.deepEqual(wrong, [])
})

test('an operation counts nothing by hand: its row says what is counted of a call', () => {
  const counts = /\bmeters\.(count|use)\(|\bcount(Stored|Read|Request|ingFor)\(/
  assert.deepEqual(
    sources.filter((path) => /\/operations\//.test(path) && counts.test(textOf(path))),
    [],
  )
})

test("only kinesis/limits decides what a shard's limits allow", () => {
  assert.deepEqual(
    sources.filter(
      (path) =>
        path.startsWith('src/kinesis/') &&
        !path.startsWith('src/kinesis/limits/') &&
        /\bthroughput\.admit\(/.test(textOf(path)),
    ),
    [],
  )
})

test('only the listener opens a port', () => {
  // Whoever imports no more than types of it, or what knows addresses, opens none.
  const servers =
    /^import (?!type |\{ (?:(?:BlockList|isIPv4|isIPv6),? )+\} from)[^']*'node:(http|https|http2|tls|net)'|import\('node:(http|https|http2|tls|net)'/m
  // HTTP/2 is served on connections that the listener hands over.
  // A folder's lock is a name of the system's that is no address.
  const allowed =
    /^src\/(wire\/(listener|serve-http2)\.ts|remote\/outbound\.ts|cli\/(client|findings)\.ts|engine\/embedded\/folder\/lock\.ts)/
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

/** Who reads texts that are no token of ours: bodies, headers, policies, records, settings, digests, and what we have written ourselves. */
const READERS = [
  'src/service/token.ts',
  'src/api/routes/route.ts',
  'src/server/package-version.ts',
  'src/kinesis/channels/channel.ts',
  'src/server/access/sign-in/sessions.ts',
  'src/server/access/keys/kept-over-reset.ts',
  'src/delivery/line/encode.ts',
  'src/delivery/reading/reading.ts',
  'src/firehose/processors/cloud-watch-log-processing.ts',
  'src/firehose/processors/record-de-aggregation.ts',
  'src/firehose/programs/create-programs.ts',
  'src/firehose/programs/jq/thread.ts',
  'src/s3/checksums/checksum.ts',
  'src/s3/checksums/verification.ts',
  'src/s3/dialect/s3-dialect.ts',
  'src/s3/forms/post-policy.ts',
]

test('every token and iterator that comes back is read by service/token.ts', () => {
  const reads = /\bJSON\.parse\(|, 'base64(url)?'\)(?!\.toString)/
  const rooms = ['api', 'delivery', 'firehose', 'insight', 'kinesis', 's3', 'server', 'service', 'iam', 'sts']
  const found = sources.filter((path) => rooms.includes(roomOf(path)) && reads.test(textOf(path)))
  assert.deepEqual(
    found.filter((path) => !READERS.includes(path)),
    [],
  )
})

test('what is read from the metadata is read as a kind of document, which checks it', () => {
  // The port lets a reader name a type: tests may, sources must not.
  assert.deepEqual(
    sources.filter((path) => /\bmetadata\.(get|list)</.test(textOf(path))),
    [],
  )
})

test('a page of the console holds no connection open, and asks for nothing while nobody sees it', () => {
  const holds = /\bEventSource\b|\bWebSocket\b|\bsetInterval\(/
  assert.deepEqual(
    pages.filter((path) => holds.test(textOf(path))),
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

/** Exported for others than the sources: for tests and scripts. */
const FOR_OTHERS = ['MAX_FRAME_BYTES', 'noMeters', 'settingsTable']

test('what a source exports is used by a source', () => {
  const mentions = new Map<string, number>()
  for (const path of [...sources, ...pages])
    for (const [word] of textOf(path).matchAll(/\w+/g)) mentions.set(word, (mentions.get(word) ?? 0) + 1)
  const exported = /^export (?:async )?(?:function\*?|const|class|interface|type) (\w+)/gm
  const unused = sources
    .flatMap((path) => [...textOf(path).matchAll(exported)].map(([, name = '']) => name))
    .filter((name) => mentions.get(name) === 1)
  assert.deepEqual(unused.sort(), FOR_OTHERS.toSorted())
})

test('there are no default exports, and no barrel but index.ts', () => {
  const wrong = sources.filter(
    (path) =>
      /^export default/m.test(textOf(path)) ||
      (path !== 'src/index.ts' && /^export \* from/m.test(textOf(path))),
  )
  assert.deepEqual(wrong, [])
})

test('every operation has a test named after it', () => {
  const operations = sources.flatMap((path) =>
    [
      ...textOf(path).matchAll(/^export const \w+ = (?:\(\w+: \w+\) =>\s+)?operation\(\{\s+name: '(\w+)'/gm),
    ].map(([, name]) => ({
      name: name!,
      folder: dirname(path)
        .replace(/^src/, 'test')
        .replace(/\/operations$/, ''),
    })),
  )
  assert.ok(operations.length > 100, `only ${operations.length} operations were found`)
  const testOf = ({ name, folder }: { name: string; folder: string }) =>
    `${folder}/${name.replaceAll(/(?<=[a-z\d])[A-Z]/g, '-$&').toLowerCase()}.test.ts`
  const missing = operations.filter((one) => !files.includes(testOf(one)))
  assert.deepEqual(missing.map(testOf), [])
  assert.deepEqual(operations.filter((one) => !textOf(testOf(one)).includes(one.name)).map(testOf), [])
})

test('npm test runs every file of tests once, together with those of its room', () => {
  const { scripts } = JSON.parse(textOf('package.json')) as { scripts: { test: string } }
  const groups = [...scripts.test.matchAll(/'([^']+)'/g)].flatMap(([, glob]) => globSync(glob!))
  const run = groups.flatMap((path) => {
    const [, globs] = /^await together\((.+)\)$/m.exec(textOf(path)) ?? []
    assert.ok(globs, path)
    return filesOf([...globs.matchAll(/'([^']+)'/g)].map(([, glob]) => glob!))
  })
  assert.deepEqual(run.sort(), globSync('**/*.test.ts', { cwd: 'test' }).sort())
})

test('a file of tests changes nothing that one run together with it would see', () => {
  const changes =
    /^(before|beforeEach)\(|process\.chdir\(|process\.env(\.\w+|\[.+?\]) \??= |delete process\.env/m
  const wrong = files.filter((path) => path.startsWith('test/') && changes.test(textOf(path)))
  assert.deepEqual(wrong, [])
})

/** What swallows an error. What a `catch` without one gives instead is said by the function that it is in. */
const SWALLOWS =
  /\.catch\(\(\) => (undefined|null|\{\s*\}|\(\{|\[\]|'')|catch (\(\w+\) )?\{\s*\}|^\s+void \w|\) void (?!response)\w/

test('an error that is swallowed has its reason in a comment beside it', () => {
  const wrong = sources.flatMap((path) => {
    const lines = textOf(path).split('\n')
    return lines.flatMap((line, index) => {
      if (!SWALLOWS.test(line) || /^\s*(\*|\/\/)/.test(line)) return []
      const around = lines.slice(Math.max(0, index - 2), index + 2)
      const isSaid = around.some((one) => /^\s*(\/\/|\*|\/\*\*)|\s\/\/ /.test(one))
      return isSaid ? [] : [`${path}:${index + 1}: ${line.trim()}`]
    })
  })
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
