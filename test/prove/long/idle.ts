import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startLife } from '../crash/server-life.ts'
import type { Harness, Run, Verdict } from '../harness.ts'
import { connect, pause } from './calls.ts'
import { growthPerMinute, mebibytes, toldGrowth } from './figures.ts'
import { LAKE, makeStream } from './pipeline.ts'
import { folderBytes, vitalsOf, whyNotHere } from './vitals.ts'

const MOST_STREAMS = 100
/** A short run makes fewer. */
const STREAMS_PER_ROUND = 10
/** In all hours after the first quarter. Memory of a process moves by some MiB without any cause. */
const MOST_GROWTH_BYTES = { memory: 8 * 2 ** 20, folder: 2 ** 20 }
const MOST_OF_A_CORE = 0.005

/** `rounds` is virtual hours; as many seconds of the machine's. What a server costs that nobody uses. */
export const idle: Harness = {
  rounds: 24,
  async prove({ rounds, say }: Run): Promise<Verdict> {
    const columns = ['what', 'figure', 'wanted']
    const skipped = whyNotHere()
    if (skipped !== undefined) return { columns, rows: [], failures: [], skipped }
    const folder = mkdtempSync(join(tmpdir(), 'standpipe-idle-'))
    const life = startLife(folder)
    try {
      await life.ready
      const calls = connect(life.endpoint(), 8)
      await calls.send('PUT', `/${LAKE}`)
      const streams = Math.min(MOST_STREAMS, rounds * STREAMS_PER_ROUND)
      await Promise.all(Array.from({ length: streams }, (_, index) => makeStream(calls, `idle-${index}`)))
      const vitals = vitalsOf(life.pid)
      await pause(2_000)
      const [cpuBefore, startedAt] = [vitals.cpuSeconds(), performance.now()]
      await pause(rounds * 1_000)
      const ofACore = (vitals.cpuSeconds() - cpuBefore) / ((performance.now() - startedAt) / 1_000)
      const hours: Hour[] = []
      const cpuBeforeHours = vitals.cpuSeconds()
      for (let hour = 0; hour < rounds; hour++) {
        await calls.send('POST', '/_standpipe/api/clock/advance', JSON.stringify({ by: '1h' }))
        hours.push({ folder: folderBytes(folder), memory: vitals.memory().bytes })
      }
      const cpuOfHours = vitals.cpuSeconds() - cpuBeforeHours
      say(`${rounds} virtual hours took ${cpuOfHours.toFixed(2)} s of CPU`)
      await calls.close()
      return { columns, ...judge({ ofACore, hours, said: life.output().trim() }) }
    } finally {
      await life.kill()
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

interface Hour {
  readonly folder: number
  readonly memory: number
}

function judge({ ofACore, hours, said }: { ofACore: number; hours: readonly Hour[]; said: string }) {
  const settled = hours.slice(Math.floor(hours.length / 4))
  const growthOf = (what: keyof Hour) =>
    growthPerMinute(settled.map((hour, index) => ({ atMs: index * 60_000, value: hour[what] }))) *
    (settled.length - 1)
  const [memory, folder] = [growthOf('memory'), growthOf('folder')]
  const percent = (share: number) => `${(share * 100).toFixed(2)} %`
  const rows: Verdict['rows'] = [
    ['of a core, nobody asking', percent(ofACore), `<= ${percent(MOST_OF_A_CORE)}`],
    ['memory at the end, MiB', mebibytes(settled.at(-1)!.memory), ''],
    ['growth of memory, MiB', toldGrowth(memory / 2 ** 20), `<= ${mebibytes(MOST_GROWTH_BYTES.memory)}`],
    ['data folder at the end, MiB', mebibytes(settled.at(-1)!.folder), ''],
    [
      'growth of the data folder, MiB',
      toldGrowth(folder / 2 ** 20),
      `<= ${mebibytes(MOST_GROWTH_BYTES.folder)}`,
    ],
  ]
  const failures = [
    ...(ofACore > MOST_OF_A_CORE ? [`idle takes ${percent(ofACore)} of a core`] : []),
    ...(memory > MOST_GROWTH_BYTES.memory ? [`memory grew by ${mebibytes(memory)} MiB`] : []),
    ...(folder > MOST_GROWTH_BYTES.folder ? [`the data folder grew by ${mebibytes(folder)} MiB`] : []),
    ...(said === '' ? [] : [`the log says: ${said.slice(0, 2_000)}`]),
  ]
  return { rows, failures }
}
