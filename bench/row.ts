import type { Target } from './target.ts'

/** What the machine can do at most, measured in this process. */
export interface Limit {
  readonly name: string
  /** One round. */
  readonly run: Round
}

/** One thing that is measured, on every server that can do it. */
export interface Row {
  readonly name: string
  /** What one unit of `units` is: `records`, `MB`. */
  readonly unit: string
  readonly targets: readonly string[]
  readonly limits?: readonly Limit[]
  /** Once per server, before the rounds. */
  prepare(target: Target): Promise<Round>
}

/** Resolves with how many units were done. */
export type Round = () => Promise<number>

export interface Sample {
  readonly perSecond: number
  readonly cpuMicrosPerUnit: number
}

export async function sample(round: Round, target: Target): Promise<Sample> {
  const [startedAt, cpuBefore] = [performance.now(), target.cpuSeconds()]
  const units = await round()
  const seconds = (performance.now() - startedAt) / 1_000
  return { perSecond: units / seconds, cpuMicrosPerUnit: ((target.cpuSeconds() - cpuBefore) * 1e6) / units }
}

/** As a server's sample, of this process. */
export async function sampleLimit({ run }: Limit): Promise<Sample> {
  const [startedAt, cpuBefore] = [performance.now(), process.cpuUsage()]
  const units = await run()
  const seconds = (performance.now() - startedAt) / 1_000
  const { user, system } = process.cpuUsage(cpuBefore)
  return { perSecond: units / seconds, cpuMicrosPerUnit: (user + system) / units }
}

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
