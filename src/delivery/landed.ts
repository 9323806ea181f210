import type { LogId, LogStore, MetadataStore, Position } from '../engine/ports/engine.ts'
import type { Place } from './destination.ts'
import { isDeAggregated as deAggregates } from './job.ts'
import { dueAt } from './line/buffer.ts'
import type { LineState } from './line/line.ts'
import { whyGone } from './lineage/gone.ts'
import { listDelivered } from './lineage/history.ts'
import { type Extent, findInLineage, lineagePrefixOf, sourcesOf } from './lineage/lineage.ts'
import type { Delivered, DeliveryReason } from './lineage/manifest.ts'
import type { Pipeline } from './pipeline.ts'
import { type LogRange, readRange } from './reading/log-range.ts'
import { readingOf } from './reading/reading.ts'

/** Where one record is, for the job of that name: delivered, on its way, or waiting. Times are ms since 1970. */
export type Landed = { readonly job: string } & (
  | ({
      /** `failed`: among the error records, in the errors' place. */
      readonly state: 'delivered' | 'failed'
      readonly destination: string
      readonly place: Place
      readonly reason: DeliveryReason
      readonly deliveredAt: number
      /** Of the record in the uncompressed object, bytes; of its error record where it failed. */
    } & Extent)
  /** The object has its name and may be there already. */
  | { readonly state: 'delivering'; readonly destination: string; readonly place: Place }
  /** `dueAt`: when the interval ends at the latest; absent when the record was not read yet. */
  | { readonly state: 'buffered'; readonly dueAt?: number }
  /** Gone from its log before it could be delivered. */
  | { readonly state: 'lost'; readonly deliveredAt: number; readonly why: string }
  /** From before the job began, or delivered longer ago than is remembered. */
  | { readonly state: 'unknown' }
)

export interface PlaceInLog extends LogId {
  readonly position: Position
}

/** One of a stream that may have been deleted since, so that nobody knows its group. */
export interface FormerPlace {
  readonly log: string
  readonly position: Position
  /** When it arrived, seconds since 1970. */
  readonly arrivedSeconds: number
}

/** The group that the record was in when it was delivered, or gone, if that is remembered. */
export async function formerGroupOf(
  { metadata }: Pick<Stores, 'metadata'>,
  pipeline: Pipeline,
  { log, position, arrivedSeconds }: FormerPlace,
): Promise<string | undefined> {
  const isThere = (range: LogRange) =>
    range.log === log &&
    isWithin(range, position) &&
    range.firstArrival < (arrivedSeconds + 1) * 1000 &&
    range.lastArrival >= arrivedSeconds * 1000
  const sealed = pipeline.states().flatMap(({ progress }) => progress.sealed?.value ?? [])
  for (const batch of [...sealed, ...(await listDelivered(metadata, pipeline.job().id)).toReversed()]) {
    const range = [...sourcesOf(batch), ...(batch.gone ?? [])].find(isThere)
    if (range) return range.group
  }
  return undefined
}

interface Stores {
  readonly metadata: MetadataStore
  readonly logs: LogStore
}

/** More than one answer when processors took the record apart. */
export async function landedOf(stores: Stores, pipeline: Pipeline, place: PlaceInLog): Promise<Landed[]> {
  const { name: job, id } = pipeline.job()
  const isDeAggregated = deAggregates(pipeline.job())
  const found: Landed[] = []
  for (const state of pipeline.states())
    if (state.outlet.kind !== 'backup')
      found.push(...(await waitingIn(stores, state, { job, place, isDeAggregated })))
  if (found.length > 0) return found
  const position = pipeline.intake().positions().find(isOfLog(place))
  if (position && place.position >= position.next) return [{ job, state: 'buffered' }]
  for (const delivered of (await listDelivered(stores.metadata, id)).toReversed()) {
    if (delivered.kind === 'backup') continue
    if (holds(sourcesOf(delivered), place))
      found.push(...(await deliveredIn(stores, id, delivered, { job, place })))
    else if (holds(delivered.gone ?? [], place)) found.push(goneOf(delivered, job))
  }
  // What lies between the records of a lost batch may have gone elsewhere.
  const there = found.filter(({ state }) => state !== 'lost')
  if (there.length > 0) return there
  return [found[0] ?? { job, state: 'unknown' }]
}

interface Wanted {
  /** Its name. */
  readonly job: string
  readonly place: PlaceInLog
  readonly isDeAggregated: boolean
}

async function waitingIn(
  stores: Stores,
  { outlet, hints, progress, buffer }: LineState,
  { job, place, isDeAggregated }: Wanted,
): Promise<Landed[]> {
  const reading = readingOf(outlet, isDeAggregated)
  /** What a stage took apart lies among what went elsewhere: only the records themselves tell. */
  const has = async (content: { ranges: readonly LogRange[]; origins?: readonly LogRange[] }) => {
    if (!holds(sourcesOf(content), place)) return false
    if (!outlet.log) return true
    for (const range of content.ranges)
      for await (const entries of readRange(stores.logs, range)) {
        const isThere = entries.some((entry) => {
          const origin = reading.originOf(entry.data, range, entry.position)
          return origin && isOfLog(place)(origin) && origin.position === place.position
        })
        if (isThere) return true
      }
    return false
  }
  const sealed = progress.sealed?.value
  if (sealed && (await has(sealed)))
    return [{ job, state: 'delivering', destination: sealed.destination, place: sealed.place }]
  if (sealed && holds(sealed.gone ?? [], place))
    return [{ job, state: 'lost', deliveredAt: sealed.sealedAt, why: whyGone(sealed) }]
  const content = buffer.content()
  return (await has(content)) ? [{ job, state: 'buffered', dueAt: dueAt(content, hints) }] : []
}

async function deliveredIn(
  { metadata }: Stores,
  jobId: string,
  delivered: Delivered,
  { job, place }: Pick<Wanted, 'job' | 'place'>,
): Promise<Landed[]> {
  const { id, kind, reason, deliveredAt, outcome, givenUp } = delivered
  if (outcome.status === 'lost') return [{ job, state: 'lost', deliveredAt, why: outcome.why }]
  const extent = await findInLineage(metadata, lineagePrefixOf(jobId, id), delivered, place)
  if (!extent) return holds(delivered.gone ?? [], place) ? [goneOf(delivered, job)] : []
  const state = kind === 'errors' || givenUp ? 'failed' : 'delivered'
  return [
    {
      job,
      state,
      destination: delivered.destination,
      place: delivered.place,
      reason,
      deliveredAt,
      ...extent,
    },
  ]
}

const goneOf = (delivered: Delivered, job: string): Landed => ({
  ...{ job, state: 'lost', deliveredAt: delivered.deliveredAt, why: whyGone(delivered) },
})

const isOfLog =
  (place: LogId) =>
  ({ group, log }: LogId): boolean =>
    group === place.group && log === place.log

const holds = (ranges: readonly LogRange[], place: PlaceInLog) =>
  ranges.some((range) => isOfLog(place)(range) && isWithin(range, place.position))

const isWithin = ({ from, to }: LogRange, position: Position) => from <= position && position < to
