import { decodeRecord } from '../../engine/ports/record.ts'
import { deAggregate } from '../../kpl/aggregated-record.ts'
import { errorLineOf, type RecordSource } from '../dead-letters.ts'
import type { Origin } from '../reading/log-range.ts'
import type { Keys, Made, Part, Pieces, RunContext, Step, Trouble } from '../step.ts'

/** A record as it is read from its source. */
export interface SourceRecord {
  readonly origin: Omit<Origin, 'part'>
  readonly entry: Uint8Array
}

/** What became of a record or of a part of it, and where it goes. */
export interface Processed extends Part {
  readonly to:
    | { readonly kind: 'objects' }
    | { readonly kind: 'partition'; readonly keys: Keys }
    | { readonly kind: 'errors'; readonly errorOutputType: string }
}

export interface ProcessingContext extends RunContext {
  readonly steps: readonly Step[]
  readonly isPartitioned: boolean
  readonly isDeAggregated: boolean
  readonly sourceOf: SourceOf
}

/** Tells what error records say of their records' source. */
export type SourceOf = (
  origin: Pick<Origin, 'log' | 'position'>,
  arrivalTime: number,
) => RecordSource | undefined

/** Of what became of records that is given out together: a few records may decompress to very much. */
const GROUP_BYTES = 32 * 2 ** 20
/** What a part takes beside its data. */
const PART_BYTES = 256

/**
 * Records through the processors, in their order: first those that take one at a time, then those that take many.
 * Given out in groups, each of whole records. https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html
 */
export async function* process(
  records: readonly SourceRecord[],
  context: ProcessingContext,
): AsyncGenerator<Processed[]> {
  let [parts, done, bytes]: [Part[], Processed[], number] = [[], [], 0]
  const group = async () => [...done, ...(await route(parts, context))].sort(byOrigin)
  for (const record of records) {
    const { arrivalTime, data, encrypted = false } = decodeRecord(record.entry)
    let part = 0
    const partOf = (bytes: Uint8Array): Part => ({
      ...{ origin: { ...record.origin, part: part++ }, arrivalTime, data: bytes, encrypted },
    })
    for (const userData of context.isDeAggregated ? deAggregate(data) : [data]) {
      const whole = { origin: { ...record.origin, part }, arrivalTime, data: userData, encrypted }
      const opened = await open(whole, context)
      if ('failure' in opened) done.push(failed(partOf(userData), opened, context))
      else for (const one of opened.data) parts.push(partOf(one))
      bytes += 'failure' in opened ? userData.length : sizeOf(opened.data)
    }
    if (bytes < GROUP_BYTES) continue
    yield await group()
    ;[parts, done, bytes] = [[], [], 0]
  }
  yield await group()
}

const sizeOf = (pieces: readonly Uint8Array[]) =>
  pieces.reduce((sum, { length }) => sum + length + PART_BYTES, 0)

/** What those processors make of a record that take one at a time. */
async function open(part: Part, context: ProcessingContext): Promise<Pieces | Trouble> {
  let pieces: readonly Uint8Array[] = [part.data]
  for (const step of context.steps) {
    if (step.takes !== 'one') continue
    const made: Uint8Array[] = []
    for (const data of pieces) {
      const opened = await step.run({ ...part, data }, context)
      if ('failure' in opened) return opened
      made.push(...opened.data)
    }
    pieces = made
  }
  return { data: pieces }
}

/** What those processors make of parts that take many, and where each goes. */
async function route(parts: readonly Part[], context: ProcessingContext): Promise<Processed[]> {
  let routed: readonly Routed[] = parts.map((part) => ({ part, keys: {} }))
  const troubled: Processed[] = []
  for (const step of context.steps) {
    if (step.takes !== 'many') continue
    const whole = routed.map(({ part }) => part)
    const made = await step.run(whole, context)
    routed = routed.flatMap((one, index) => {
      const next = applied(one, made[index]!)
      if ('part' in next) return next
      troubled.push(failed(one.part, next, context))
      return []
    })
  }
  const there = routed.map(({ part, keys }): Processed => {
    return { ...part, to: context.isPartitioned ? { kind: 'partition', keys } : { kind: 'objects' } }
  })
  return [...troubled, ...there]
}

interface Routed {
  readonly part: Part
  readonly keys: Keys
}

function applied({ part, keys }: Routed, made: Made): Routed | Trouble {
  if ('failure' in made) return made
  if ('keys' in made) return { part, keys: { ...keys, ...made.keys } }
  return { part: { ...part, data: made.data }, keys }
}

/** The record as a line for the errors. */
export const failed = (
  { data, ...part }: Part,
  { errorOutputType, errorCode, failure }: Trouble,
  { now, sourceOf }: Pick<ProcessingContext, 'now' | 'sourceOf'>,
): Processed => ({
  ...part,
  data: errorLineOf({
    ...{ data, errorCode, errorMessage: failure, attempts: 1 },
    ...{ arrivalTime: part.arrivalTime, endedAt: now },
    source: sourceOf(part.origin, part.arrivalTime),
  }),
  to: { kind: 'errors', errorOutputType },
})

/** Stable within a source's log, which is all that matters: logs are kept apart by whoever reads them. */
const byOrigin = (one: Processed, other: Processed): number =>
  one.origin.position - other.origin.position || one.origin.part - other.origin.part
