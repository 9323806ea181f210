import { availableParallelism } from 'node:os'
import { median, type Row, type Sample } from './row.ts'

/** What a row's rounds came to, on one server or as one limit. */
interface Figures {
  readonly perSecond: number
  /** Of the server's process, all of its threads; of this one's for a limit. */
  readonly cpuMicrosPerUnit: number
}

export interface Measured {
  readonly row: string
  readonly unit: string
  readonly rounds: number
  readonly medians: Readonly<Record<string, Figures>>
}

export function measuredOf(
  row: Row,
  rounds: number,
  samples: ReadonlyMap<string, readonly Sample[]>,
): Measured {
  const medians = [...samples].map(([name, taken]) => [
    name,
    {
      perSecond: median(taken.map(({ perSecond }) => perSecond)),
      cpuMicrosPerUnit: median(taken.map(({ cpuMicrosPerUnit }) => cpuMicrosPerUnit)),
    },
  ])
  return { row: row.name, unit: row.unit, rounds, medians: Object.fromEntries(medians) }
}

/** Ratios are of Standpipe's rate and of its CPU time: of both, more than 1 is better than the other. */
export function printed({ row, unit, rounds, medians }: Measured): string {
  const reference = medians.standpipe
  const lines = Object.entries(medians).map(([name, { perSecond, cpuMicrosPerUnit }]) => {
    const ratio =
      reference && name !== 'standpipe'
        ? `  standpipe = ${(reference.perSecond / perSecond).toFixed(2)} × the rate, ${(cpuMicrosPerUnit / reference.cpuMicrosPerUnit).toFixed(2)} × as little CPU`
        : ''
    const rate = `${perSecond.toFixed(0).padStart(9)} /s`
    const cpu = `${cpuMicrosPerUnit.toFixed(1).padStart(8)} µs server CPU each`
    return `  ${name.padEnd(20)} ${rate}  ${cpu}${ratio}`
  })
  return [`\n${row} (median of ${rounds} rounds; ${unit})`, ...lines].join('\n')
}

/** Where it was measured, for whoever compares files. */
export const machine = () => ({
  at: new Date().toISOString(),
  node: process.version,
  cores: availableParallelism(),
})
