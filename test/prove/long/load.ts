import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Life, startLife } from '../crash/server-life.ts'
import type { Harness, Run, Verdict } from '../harness.ts'
import { seeded } from '../seeded.ts'
import { deliverBacklog, IS_EXPECTED } from './backlog.ts'
import { type Calls, connect } from './calls.ts'
import { floorOfEachMinute, growthPerMinute, mebibytes, percentile, toldGrowth } from './figures.ts'
import { watchPauses } from './pauses.ts'
import { type Latencies, measureMost, workAt } from './rate.ts'
import { putObjects } from './steady-work.ts'
import { workInTurns } from './turns.ts'
import { type Memory, type SeenMemory, type Vitals, vitalsOf, watchMemory, whyNotHere } from './vitals.ts'

const CONNECTIONS = 64
const SHARE_OF_MOST = 0.7
const MOST_GROWTH_MIB_PER_MINUTE = 1
const LONGEST_PAUSE_MS = 100
/** Of the time, before memory is looked at: caches fill, code is compiled. */
const WARM_UP = 1 / 6
/** Of the backlog, for each minute of load. */
const BACKLOG_BYTES_PER_MINUTE = (10 * 2 ** 30) / 30
const MOST_RSS_OF_BACKLOG = 400 * 2 ** 20

/** `--only` takes one of them. */
const STAGES: Readonly<Record<string, (run: Run, life: Life, calls: Calls) => Promise<Found>>> = {
  steady: workSteadily,
  backlog: workOffBacklog,
}

/** Hours of use in half of one: `rounds` is minutes. What a server does that is used steadily, and with a long backlog. */
export const load: Harness = {
  rounds: 30,
  stages: Object.keys(STAGES),
  async prove(run: Run): Promise<Verdict> {
    const columns = ['what', 'figure', 'wanted']
    const skipped = whyNotHere()
    if (skipped !== undefined) return { columns, rows: [], failures: [], skipped }
    const found: Found[] = []
    for (const [name, stage] of Object.entries(STAGES))
      if (run.only === undefined || run.only === name)
        found.push(await onServer((life, calls) => stage(run, life, calls)))
    return {
      columns,
      rows: found.flatMap(({ rows }) => rows),
      failures: found.flatMap(({ failures }) => failures),
    }
  },
}

interface Found extends Pick<Verdict, 'rows' | 'failures'> {
  /** What the log may say. */
  readonly expected?: RegExp
}

async function onServer(act: (life: Life, calls: Calls) => Promise<Found>): Promise<Found> {
  const folder = mkdtempSync(join(tmpdir(), 'standpipe-load-'))
  const life = startLife(folder)
  try {
    await life.ready
    const calls = connect(life.endpoint(), CONNECTIONS)
    const { rows, failures, expected } = await act(life, calls)
    await calls.close()
    return { rows, failures: [...failures, ...unexpectedIn(life.output(), expected)] }
  } finally {
    await life.kill()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** So much is written that a disk may well be full if it went on like that. */
const OF_THE_MACHINE = /"code":"FillsUp"/

/** What the log of warnings and errors says beside what was to be expected: a few lines of it. */
export const unexpectedIn = (output: string, expected?: RegExp): string[] =>
  output
    .split('\n')
    .filter((line) => line !== '' && !OF_THE_MACHINE.test(line) && !expected?.test(line))
    .slice(0, 5)
    .map((line) => `the log says: ${line.slice(0, 500)}`)

async function workSteadily({ seed, rounds, say }: Run, life: Life, calls: Calls): Promise<Found> {
  await putObjects(calls)
  const durationMs = rounds * 60_000
  const turns = await workInTurns({ calls, random: seeded(seed), turnMs: durationMs / 10, say })
  const most = await measureMost(turns.site, Math.min(10_000, durationMs / 6))
  const perSecond = SHARE_OF_MOST * most
  say(`${Math.round(most)} acts a second at most; now ${Math.round(perSecond)} a second`)
  const vitals = vitalsOf(life.pid)
  const memory = watchMemory(vitals)
  const stopPauses = await watchPauses(life.endpoint(), LONGEST_PAUSE_MS)
  const { latencies, refused } = await workAt(turns.site, perSecond, durationMs)
  const pauses = await stopPauses()
  memory.stop()
  const { records, wrong } = await turns.end()
  const settled = memory.seen.filter(({ atMs }) => atMs >= durationMs * WARM_UP)
  const growth = growthIn(settled, 'bytes')
  const longest = Math.max(0, ...pauses.own.map(({ ms }) => ms))
  const rows: Verdict['rows'] = [
    ['acts a second', Math.round(perSecond), `${SHARE_OF_MOST} of ${Math.round(most)}`],
    ...latencyRows(latencies),
    ['refused', refused.length, 0],
    ['records of turns looked for in objects', records, ''],
    ['turns with records lost or doubled', wrong.length, 0],
    ...memoryRows(memory.seen, vitals),
    ['growth of RSS, MiB a minute', toldGrowth(growth), `<= ${MOST_GROWTH_MIB_PER_MINUTE}`],
    ['of its own', toldGrowth(growthIn(settled, 'anonBytes')), ''],
    ['of files', toldGrowth(growthIn(settled, 'fileBytes')), ''],
    [`pauses over ${LONGEST_PAUSE_MS} ms`, pauses.own.length, 0],
    [`such in which the machine paused, too`, pauses.all.length - pauses.own.length, ''],
    ['longest pause, ms', Math.round(longest), `<= ${LONGEST_PAUSE_MS}`],
  ]
  return {
    rows,
    failures: [
      ...refused.slice(0, 5),
      ...wrong,
      ...(growth > MOST_GROWTH_MIB_PER_MINUTE ? [`memory grows by ${round(growth)} MiB a minute`] : []),
      ...(pauses.own.length > 0
        ? [`${pauses.own.length} pauses, the longest ${Math.round(longest)} ms`]
        : []),
    ],
  }
}

async function workOffBacklog({ rounds, say }: Run, life: Life, calls: Calls): Promise<Found> {
  const bytes = rounds * BACKLOG_BYTES_PER_MINUTE
  const vitals = vitalsOf(life.pid)
  const memory = watchMemory(vitals)
  const { records, seconds, wrong } = await deliverBacklog(calls, bytes, say)
  memory.stop()
  const peak = vitals.peakBytes()
  return {
    expected: IS_EXPECTED,
    rows: [
      [`backlog, GiB`, round(bytes / 2 ** 30), ''],
      ['records of it looked for in objects', records, ''],
      ['delivered in, s', round(seconds), ''],
      ...memoryRows(memory.seen, vitals, `<= ${mebibytes(MOST_RSS_OF_BACKLOG)}`),
    ],
    failures: [
      ...wrong,
      ...(peak > MOST_RSS_OF_BACKLOG ? [`the backlog took ${mebibytes(peak)} MiB of memory`] : []),
    ],
  }
}

/** MiB a minute. */
const growthIn = (seen: readonly SeenMemory[], what: keyof Memory): number =>
  growthPerMinute(floorOfEachMinute(seen.map((one) => ({ atMs: one.atMs, value: one[what] })))) / 2 ** 20

function memoryRows(seen: readonly SeenMemory[], vitals: Vitals, wanted = ''): Verdict['rows'] {
  const most = (what: keyof Memory) => mebibytes(Math.max(...seen.map((one) => one[what])))
  return [
    ['RSS at the end, MiB', mebibytes(vitals.memory().bytes), ''],
    ['RSS at most, MiB', mebibytes(vitals.peakBytes()), wanted],
    ['its own at most, of files at most', `${most('anonBytes')}  ${most('fileBytes')}`, ''],
  ]
}

const latencyRows = (latencies: Latencies): [string, string, string][] =>
  [...latencies].map(([act, ms]) => [
    `${act}, ms: p50 p99 p99.9`,
    [0.5, 0.99, 0.999].map((of) => percentile(ms, of).toFixed(1)).join('  '),
    `${ms.length} acts`,
  ])
const round = (value: number) => Math.round(value * 100) / 100
