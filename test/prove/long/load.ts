import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Life, startLife } from '../crash/server-life.ts'
import type { Harness, Run, Verdict } from '../harness.ts'
import { seeded } from '../seeded.ts'
import { deliverBacklog } from './backlog.ts'
import { type Calls, connect } from './calls.ts'
import { floorOfEachMinute, growthPerMinute, mebibytes, percentile } from './figures.ts'
import { watchPauses } from './pauses.ts'
import { type Latencies, measureMost, workAt } from './rate.ts'
import { putObjects } from './steady-work.ts'
import { workInTurns } from './turns.ts'
import { vitalsOf, watchMemory, whyNotHere } from './vitals.ts'

const CONNECTIONS = 64
const SHARE_OF_MOST = 0.7
const MOST_GROWTH_MIB_PER_MINUTE = 1
const LONGEST_PAUSE_MS = 100
/** Of the time, before memory is looked at: caches fill, code is compiled. */
const WARM_UP = 1 / 6
/** Of the backlog, for each minute of load. */
const BACKLOG_BYTES_PER_MINUTE = (10 * 2 ** 30) / 30
const MOST_RSS_OF_BACKLOG = 400 * 2 ** 20

/** Hours of use in half of one: `rounds` is minutes. What a server does that is used steadily, and with a long backlog. */
export const load: Harness = {
  rounds: 30,
  async prove(run: Run): Promise<Verdict> {
    const columns = ['what', 'figure', 'wanted']
    const skipped = whyNotHere()
    if (skipped !== undefined) return { columns, rows: [], failures: [], skipped }
    const found = [await onServer((life, calls) => workSteadily(run, life, calls))]
    found.push(await onServer((life, calls) => workOffBacklog(run, life, calls)))
    return {
      columns,
      rows: found.flatMap(({ rows }) => rows),
      failures: found.flatMap(({ failures }) => failures),
    }
  },
}

type Found = Pick<Verdict, 'rows' | 'failures'>

async function onServer(act: (life: Life, calls: Calls) => Promise<Found>): Promise<Found> {
  const folder = mkdtempSync(join(tmpdir(), 'standpipe-load-'))
  const life = startLife(folder)
  try {
    await life.ready
    const calls = connect(life.endpoint(), CONNECTIONS)
    const found = await act(life, calls)
    await calls.close()
    return found
  } finally {
    await life.kill()
    rmSync(folder, { recursive: true, force: true })
  }
}

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
  const wrong = await turns.end()
  const settled = memory.seen.filter(({ atMs }) => atMs >= durationMs * WARM_UP)
  const growth = growthPerMinute(floorOfEachMinute(settled)) / 2 ** 20
  const longest = Math.max(0, ...pauses.own.map(({ ms }) => ms))
  const rows: Verdict['rows'] = [
    ['acts a second', Math.round(perSecond), `${SHARE_OF_MOST} of ${Math.round(most)}`],
    ...latencyRows(latencies),
    ['refused', refused.length, 0],
    ['records of turns lost or doubled', wrong.length, 0],
    ['RSS at the end, MiB', mebibytes(vitals.rssBytes()), ''],
    ['RSS at most, MiB', mebibytes(vitals.peakRssBytes()), ''],
    ['growth of RSS, MiB a minute', toldGrowth(growth), `<= ${MOST_GROWTH_MIB_PER_MINUTE}`],
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
  const { seconds, wrong } = await deliverBacklog(calls, bytes, say)
  const peak = vitalsOf(life.pid).peakRssBytes()
  return {
    rows: [
      [`backlog, GiB`, round(bytes / 2 ** 30), ''],
      ['delivered in, s', round(seconds), ''],
      ['RSS at most, MiB', mebibytes(peak), `<= ${mebibytes(MOST_RSS_OF_BACKLOG)}`],
    ],
    failures: [
      ...wrong,
      ...(peak > MOST_RSS_OF_BACKLOG ? [`the backlog took ${mebibytes(peak)} MiB of memory`] : []),
    ],
  }
}

const latencyRows = (latencies: Latencies): [string, string, string][] =>
  [...latencies].map(([act, ms]) => [
    `${act}, ms: p50 p99 p99.9`,
    [0.5, 0.99, 0.999].map((of) => percentile(ms, of).toFixed(1)).join('  '),
    `${ms.length} acts`,
  ])
const toldGrowth = (growth: number) => (Number.isNaN(growth) ? 'too short to tell' : round(growth))
const round = (value: number) => Math.round(value * 100) / 100
