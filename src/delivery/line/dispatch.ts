import { type Document, EngineError } from '../../engine/ports/engine.ts'
import { type DestinationError, nameIn, type Receipt } from '../destination.ts'
import { type Job, type Plan, readJob, streamArnOf } from '../job.ts'
import { countGone, rangeText, whyGone } from '../lineage/gone.ts'
import { dropAll, remember } from '../lineage/history.ts'
import { lineagePrefixOf } from '../lineage/lineage.ts'
import type { Delivered, DeliveryReason, Failure, Manifest } from '../lineage/manifest.ts'
import { commitDelivered, commitSeal, loadProgress, type Progress } from '../progress/checkpoint.ts'
import { rangeNaming } from '../progress/range-naming.ts'
import type { Content, LogPosition } from '../reading/log-range.ts'
import type { SiteFailure } from '../retries/sites.ts'
import { type Attempting, attempt } from './attempt.ts'
import { RecordsGone, whatIsLeft } from './encode.ts'
import type { LineEvent } from './line-machine.ts'
import { type End, findPut } from './put.ts'
import { placeAnew, placeAsErrors, sealBatch } from './seal.ts'

export interface DispatchOptions extends Attempting {
  /** The outlet's. */
  readonly id: string
  /** Of attempts. */
  readonly told: (event: LineEvent) => void
}

/**
 * The end of a line: seal → put → checkpoint. What is sealed is put until it is there, without the records that are
 * gone; where it is tried for some time only the records go to the errors then, until they are there. What is in no
 * object is counted and reported.
 */
export interface Dispatch extends DispatchOptions {
  /** What is durable; absent before it was loaded. */
  progress: Progress | undefined
  /** The sealed object may be there although no put succeeded. */
  isUncertain: boolean
}

export const createDispatch = (options: DispatchOptions): Dispatch => ({
  ...options,
  progress: undefined,
  isUncertain: false,
})

/** Throws unless it was loaded. */
export const progressOf = ({ progress }: Dispatch): Progress => progress!
export const sealedOf = ({ progress }: Dispatch): Manifest | undefined => progress?.sealed?.value

/** Goes on from what is durable; false when the outlet has no checkpoint (any more). */
export async function load(dispatch: Dispatch): Promise<boolean> {
  const progress = await loadProgress(dispatch.ports.metadata, dispatch.id)
  dispatch.progress = progress
  dispatch.isUncertain = progress?.sealed !== undefined
  return progress !== undefined
}

/** Rejects with Conflict when somebody else has moved the outlet on. */
export async function checkUnmoved({ ports, id, progress }: Dispatch): Promise<void> {
  const now = await loadProgress(ports.metadata, id)
  const isSame =
    now?.checkpoint.revision === progress?.checkpoint.revision &&
    now?.sealed?.revision === progress?.sealed?.revision
  if (!isSame) throw new EngineError('Conflict', `${id} was moved on`)
}

/** False when the job is no more. */
export async function seal(
  dispatch: Dispatch,
  reason: DeliveryReason,
  content: Content,
  after: readonly LogPosition[],
): Promise<boolean> {
  const { ports, outlet, job } = dispatch
  const number = progressOf(dispatch).checkpoint.value.objects + 1
  const isSealed = await commit(dispatch, (now) => {
    const batch = { number, reason, content, after, sealedAt: ports.clock.now() }
    return sealBatch(outlet, now, batch, ports.random)
  })
  if (isSealed && outlet.name === '') job().meters.read(content)
  return isSealed
}

/** Puts what is sealed. Undefined: it failed and will be tried again. */
export async function deliver(dispatch: Dispatch): Promise<Delivered | undefined> {
  const { ports, outlet, job, retry } = dispatch
  const { random } = ports
  const sealed = sealedOf(dispatch)!
  const { givenUp } = sealed
  // What an update has repaired need not wait for the place that failed.
  if (sealed.version !== job().version && retry().failures > 0 && mayMove(dispatch, sealed)) {
    const isMoved = await commit(dispatch, (now) =>
      givenUp ? placeAsErrors(sealed, givenUp, now, random) : placeAnew(sealed, outlet, now, random),
    )
    if (!isMoved) return undefined
  }
  return await put(dispatch)
}

/** How long it is waited for a place that was given up to say whether it took a batch, ms. */
const UNHEARD_MS = 24 * 3_600_000

/** Nothing of the batch is in its place, or nobody can say so: it rather goes to two places than to none. */
const mayMove = ({ ports, isUncertain }: Dispatch, { sealedAt }: Manifest): boolean =>
  !isUncertain || ports.clock.now() >= sealedAt + UNHEARD_MS

/** Makes a manifest durable, for the job as it is now; false when that is no more. */
async function commit(dispatch: Dispatch, make: (now: Job) => Manifest): Promise<boolean> {
  const { ports, job, id } = dispatch
  const now = await readJob(ports, job().documentKey)
  if (now?.value.id !== job().id || now.value.goneAt !== undefined) return false
  dispatch.progress = await commitSeal(
    ports.metadata,
    { job: now, id },
    progressOf(dispatch),
    make(now.value),
  )
  dispatch.isUncertain = false
  return true
}

async function put(dispatch: Dispatch): Promise<Delivered | undefined> {
  const { signal } = dispatch
  const sealed = progressOf(dispatch).sealed!
  if (sealed.value.records === 0) return await finishEmpty(dispatch, sealed, sealed.value)
  const answer = await attempt(dispatch, sealed.value)
  if ('retryAt' in answer) return withhold(dispatch, sealed.value, answer)
  if (!(answer instanceof Error)) return await finish(dispatch, sealed, answer)
  if (signal.aborted) return undefined
  return answer instanceof RecordsGone
    ? await putRest(dispatch, sealed)
    : await failed(dispatch, sealed, answer)
}

/** It is woken when an attempt is worth while. */
function withhold(
  dispatch: Dispatch,
  { destination, place, version }: Manifest,
  why: SiteFailure,
): undefined {
  const { ports, job, retry, told } = dispatch
  const before = retry()
  told({ type: 'withheld', ...why })
  const { lastError: failure } = retry()
  if (failure && before.failures === 0) ports.report({ job: job(), destination, place, version, failure })
}

/**
 * Some of its records are gone: the others are put without them, once that is durable. An attempt that nobody heard
 * of may have put the object before they went, under a key that is ours alone: then all of them are in it.
 */
async function putRest(dispatch: Dispatch, sealed: Document<Manifest>): Promise<Delivered | undefined> {
  const { ports, job, reading, signal } = dispatch
  const { logs, metadata } = ports
  let found: Receipt | undefined
  try {
    found = await findPut(dispatch, sealed.value)
  } catch (error) {
    return signal.aborted ? undefined : await failed(dispatch, sealed, error as DestinationError)
  }
  await dropAll(metadata, lineagePrefixOf(job().id, sealed.value.id))
  if (found) return await finish(dispatch, sealed, { outcome: { status: 'delivered', ...found } })
  const rest = await whatIsLeft(logs, sealed.value, reading)
  if (rest.records > 0) return (await commit(dispatch, () => rest)) ? await put(dispatch) : undefined
  return await finishEmpty(dispatch, sealed, rest)
}

/** All of its records were gone; `rest` says which. */
async function finishEmpty(
  dispatch: Dispatch,
  sealed: Document<Manifest>,
  rest: Manifest,
): Promise<Delivered> {
  const why = whyGone(rest, await namingOf(dispatch, rest))
  return await finish(dispatch, sealed, { outcome: { status: 'lost', why }, isUnasked: true })
}

/** How records that are gone are named; where none are nobody asks the stream. */
const namingOf = async ({ ports, job, outlet }: Dispatch, { gone }: Manifest) =>
  gone && !outlet.log ? await rangeNaming(ports, streamArnOf(job())) : rangeText

async function failed(
  dispatch: Dispatch,
  sealed: Document<Manifest>,
  error: Partial<DestinationError> & Error,
): Promise<Delivered | undefined> {
  const { ports, outlet, job, retry, told } = dispatch
  const { clock, random } = ports
  const { destination, place, version } = sealed.value
  dispatch.isUncertain = !error.isNowhere && (dispatch.isUncertain || error.isUncertain !== false)
  const before = retry()
  told({ type: 'attempt failed', error, giveUpAt: sealed.value.giveUpAt })
  const { lastError: failure, failures: attempts } = retry()
  if (!failure) throw error
  job().meters.delivered(outlet.kind, undefined)
  if (before.failures === 0 || !isSame(failure, before.lastError))
    ports.report({ job: job(), destination, place, version, failure })
  if (!isGivenUp(sealed.value, job().planOf(outlet), clock.now())) return undefined
  const known = await ask(dispatch, sealed.value)
  if (known === 'unknown') return undefined
  if (known !== 'absent')
    return await finish(dispatch, sealed, { outcome: { status: 'delivered', ...known }, isUnasked: true })
  const givenUp = { ...failure, attempts }
  const isPlaced = await commit(dispatch, (now) => placeAsErrors(sealed.value, givenUp, now, random))
  return isPlaced ? await put(dispatch) : undefined
}

const isSame = (one: Failure, other: Failure | undefined): boolean =>
  one.code === other?.code && one.message === other.message

/** Whether an attempt that nobody heard of has put it; it must not go elsewhere while that is not known. */
async function ask(dispatch: Dispatch, manifest: Manifest): Promise<Receipt | 'absent' | 'unknown'> {
  if (!dispatch.isUncertain) return 'absent'
  return await findPut(dispatch, manifest).then(
    (found) => found ?? 'absent',
    () => 'unknown',
  )
}

/**
 * Whether a batch has been tried for as long as its plan has it, and goes to the errors. What is among them is tried until
 * it is there, and so is what former versions sealed with a time where there is none any more.
 */
export function isGivenUp(
  { kind, givenUp, giveUpAt }: Pick<Manifest, 'kind' | 'givenUp' | 'giveUpAt'>,
  { retryMs }: { readonly retryMs?: Plan['retryMs'] | undefined },
  now: number,
): boolean {
  if (kind === 'errors' || givenUp || retryMs === undefined) return false
  return giveUpAt !== undefined && now >= giveUpAt
}

async function finish(dispatch: Dispatch, sealed: Document<Manifest>, end: End): Promise<Delivered> {
  const { ports, outlet, job, retry, told } = dispatch
  const { metadata, clock, destinations } = ports
  const attempts = retry().failures + (end.isUnasked ? 0 : 1)
  const { outcome, runTogether } = end
  const result = {
    outcome,
    attempts,
    deliveredAt: clock.now(),
    ...(runTogether !== undefined && { runTogether }),
  }
  const history = remember(job().id, sealed.value, result, nameIn(destinations))
  const counted = { jobId: job().id, outletName: outlet.name }
  const gone = await countGone(metadata, counted, history.delivered, await namingOf(dispatch, sealed.value))
  const also = [...(end.changes ?? []), ...history.changes, ...gone]
  dispatch.progress = await commitDelivered(metadata, progressOf(dispatch), sealed, also)
  told({ type: 'attempt over' })
  job().meters.delivered(outlet.kind, history.delivered)
  return history.delivered
}
