import { list, maybe, number, oneOf, shape, text } from '../../engine/ports/checks.ts'
import { document } from '../../engine/ports/document.ts'
import type { Change, LogId, MetadataStore } from '../../engine/ports/engine.ts'
import { updateDocument } from '../../engine/ports/update.ts'
import type { Problems } from '../../metrics/problems.ts'
import { type LogRange, logKeyOf } from '../reading/log-range.ts'
import { dropAll } from './history.ts'
import type { Delivered, Manifest } from './manifest.ts'

/** Records that were acknowledged and are in no object. */
export interface Gone {
  readonly records: number
  /** There are more, that were gone before they were read and counted. */
  readonly uncounted?: true
  /** When the last of them were missed, ms since 1970. */
  readonly lastAt: number
  /** Why these were. */
  readonly why: string
  /** The logs of which it was not counted, the last first, as far as they are remembered. */
  readonly logs?: readonly string[]
}

export interface CountedOutlet {
  readonly jobId: string
  readonly outletName: string
}

const RECORDS_GONE = 'RecordsGone'
const GONE = 'firehose/gone/'
const prefixOf = (jobId: string) => `${GONE}${jobId}/`

export const goneDocument = document<Gone>({
  keys: GONE,
  version: 1,
  check: shape<Gone>({
    ...{ records: number, uncounted: maybe(oneOf(true)), lastAt: number, why: text },
    logs: maybe(list(text)),
  }),
})

export const sumOf = (ranges: readonly Pick<LogRange, 'records'>[] = []): number =>
  ranges.reduce((sum, { records }) => sum + records, 0)

/** How many records of a batch are in no object. */
export const goneOf = ({ gone, outcome, records }: Pick<Delivered, 'gone' | 'outcome' | 'records'>): number =>
  sumOf(gone) + (outcome.status === 'lost' ? records : 0)

export function whyGone(
  { gone = [], records }: Pick<Manifest, 'gone' | 'records'>,
  named = rangeText,
): string {
  const missing = sumOf(gone)
  return `${missing} of ${missing + records} were gone from ${rangesText(gone, named)}`
}

const MOST_NAMED = 5
const MOST_UNREAD = 100

function rangesText(ranges: readonly LogRange[], named: (range: LogRange) => string): string {
  const logs = [...Map.groupBy(ranges, logKeyOf).values()].map(wholeOf)
  const others = logs.length - MOST_NAMED
  return logs.slice(0, MOST_NAMED).map(named).join('; ') + (others > 0 ? `; and ${others} others` : '')
}

/** From the first to the last of the ranges of one log. */
function wholeOf(ranges: readonly LogRange[]): LogRange {
  const [first, last] = [ranges[0]!, ranges.at(-1)!]
  return { ...first, to: last.to, records: sumOf(ranges), lastArrival: last.lastArrival }
}

/** Which records of a log it is about, by when they arrived. */
export function rangeText({ log, records, firstArrival, lastArrival }: LogRange): string {
  const [from, to] = [firstArrival, lastArrival].map((time) => new Date(time).toISOString())
  return `${log} (${records} that arrived ${from === to ? `at ${from}` : `between ${from} and ${to}`})`
}

/** Of records that were gone before they were processed. */
export const whyUnread = (ranges: readonly LogRange[]): string =>
  `${sumOf(ranges)} were gone from ${rangesText(ranges, rangeText)} before they were processed`

/**
 * Counts what a delivery could not deliver; for ever, so that it can be told when the delivery itself is forgotten.
 * Part of the commit that moves the outlet's checkpoint, which keeps others from counting at the same time.
 */
export async function countGone(
  metadata: MetadataStore,
  counted: CountedOutlet,
  delivered: Delivered,
  named: (range: LogRange) => string,
): Promise<Change[]> {
  const records = goneOf(delivered)
  if (records === 0) return []
  const why = delivered.outcome.status === 'lost' ? delivered.outcome.why : whyGone(delivered, named)
  return [await addGone(metadata, counted, { records, lastAt: delivered.deliveredAt, why })]
}

/** Counts more; part of the commit that moves the checkpoint behind them. */
export async function addGone(
  metadata: MetadataStore,
  { jobId, outletName }: CountedOutlet,
  more: Gone,
): Promise<Change> {
  const key = prefixOf(jobId) + outletName
  const before = (await goneDocument.get(metadata, key))?.value
  return { put: key, value: { ...more, records: (before?.records ?? 0) + more.records } satisfies Gone }
}

/**
 * Notes that something of a log was gone before an outlet, or its stage, could read it; nobody counted it. The same again
 * changes nothing, and of a stream that is resharded for ever the logs that came last are named.
 */
export async function noteUnread(
  metadata: MetadataStore,
  { jobId, outletName }: CountedOutlet,
  { log }: LogId,
  now: number,
): Promise<void> {
  const key = `${prefixOf(jobId)}${outletName}/unread`
  await updateDocument({ metadata, key, read: () => goneDocument.get(metadata, key) }, (before) => {
    const others = (before?.logs ?? []).filter((other) => other !== log)
    const logs = [log, ...others].slice(0, MOST_UNREAD)
    const named = logs.slice(0, MOST_NAMED).join(', ')
    const more = logs.length > MOST_NAMED ? ' and others' : ''
    const why = `what ${named}${more} had received was gone before it was read`
    const value: Gone = { records: 0, uncounted: true, lastAt: now, why, logs }
    return { value, result: undefined }
  })
  // Each log once had its own.
  await dropAll(metadata, `${key}/`)
}

/** Of all of its outlets together; undefined when nothing is missing. */
export async function readGone(metadata: MetadataStore, jobId: string): Promise<Gone | undefined> {
  const found = (await goneDocument.list(metadata, { prefix: prefixOf(jobId) })).map(({ value }) => value)
  const [last] = found.toSorted((one, other) => other.lastAt - one.lastAt)
  const isUncounted = found.some(({ uncounted }) => uncounted)
  if (!last) return undefined
  const { lastAt, why } = last
  return { records: sumOf(found), ...(isUncounted && { uncounted: true }), lastAt, why }
}

/** Says it where everything is said that is wrong. */
export function reportGone(problems: Problems, where: string, { records, uncounted, why }: Gone): void {
  const noun = records === 1 ? 'record' : 'records'
  const others = uncounted ? ', and others that nobody counted,' : ''
  const what = `${records} ${noun}${others} could not be delivered; at last: ${why}`
  problems.report({ code: RECORDS_GONE, where, what })
}

export const forgiveGone = (problems: Problems, where: string): void => problems.solved(RECORDS_GONE, where)

export const dropGone = (metadata: MetadataStore, jobId: string): Promise<void> =>
  dropAll(metadata, prefixOf(jobId))
