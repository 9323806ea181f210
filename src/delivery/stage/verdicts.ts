import type { LogId, Position } from '../../engine/engine.ts'
import type { Origin } from '../reading/log-range.ts'
import type { Exceeded, Verdict } from '../step.ts'

/** So many records in a row that a query could not be run on to its end suspend it. */
export const MOST_IN_A_ROW = 3

type Place = readonly [position: Position, part: number]

/** Of one log, what could come out otherwise the next time, although nothing of the record or the query changed. */
interface LogVerdicts extends LogId {
  readonly exceeded: readonly (readonly [...Place, Exceeded])[]
  /** From this record on the query was not asked. */
  readonly suspendedFrom?: Place
}

/** What must be the same when a batch is repeated; durable before any of it is emitted. */
export type Verdicts = readonly LogVerdicts[]

const keyOf = ({ group, log }: LogId) => `${group}\n${log}`

/** Finds what was decided of a record, or undefined: the query is to answer. */
export function verdictsBy(verdicts: Verdicts): (origin: Origin) => Verdict | undefined {
  const logs = new Map(
    verdicts.map((one) => [
      keyOf(one),
      {
        exceeded: new Map(one.exceeded.map(([position, part, what]) => [`${position}/${part}`, what])),
        from: one.suspendedFrom,
      },
    ]),
  )
  return (origin) => {
    const own = logs.get(keyOf(origin))
    const [position = Number.POSITIVE_INFINITY, part = 0] = own?.from ?? []
    const isSuspended = origin.position > position || (origin.position === position && origin.part >= part)
    return isSuspended ? 'suspended' : own?.exceeded.get(`${origin.position}/${origin.part}`)
  }
}

/** Gathers verdicts; each log's records come in their order. */
export function createVerdicts() {
  const logs = new Map<string, { log: LogId; exceeded: [...Place, Exceeded][]; from?: Place }>()
  return {
    add(origin: Origin, verdict: Verdict): void {
      const { group, log, position, part } = origin
      const own = logs.get(keyOf(origin)) ?? { log: { group, log }, exceeded: [] }
      logs.set(keyOf(origin), own)
      if (verdict === 'suspended') own.from ??= [position, part]
      else own.exceeded.push([position, part, verdict])
    },
    list: (): Verdicts =>
      [...logs.values()].map(({ log, exceeded, from }) => ({
        ...log,
        exceeded,
        ...(from && { suspendedFrom: from }),
      })),
  }
}
