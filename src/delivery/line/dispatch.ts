import type { Change, Document } from '../../engine/engine.ts'
import { compressionOf } from '../compressions/compressions.ts'
import type { DeliveryPorts } from '../delivery-ports.ts'
import {
  type Consignment,
  type DestinationError,
  destinationOf,
  nameIn,
  type Receipt,
} from '../destination.ts'
import { type Job, RETRY_MS, readJob } from '../job.ts'
import { countGone, whyGone } from '../lineage/gone.ts'
import { dropAll, remember } from '../lineage/history.ts'
import { createLineage, lineagePrefixOf } from '../lineage/lineage.ts'
import type { Delivered, DeliveryOutcome, DeliveryReason, Manifest } from '../lineage/manifest.ts'
import { commitDelivered, commitSeal, loadProgress, type Progress } from '../progress/checkpoint.ts'
import { type Outlet, outletIdOf } from '../progress/outlet.ts'
import type { Content, LogPosition } from '../reading/log-range.ts'
import type { Reading } from '../reading/reading.ts'
import type { Slots } from '../turns.ts'
import { encode, RecordsGone, whatIsLeft } from './encode.ts'
import type { Retry } from './retry.ts'
import { placeAnew, placeAsErrors, sealBatch } from './seal.ts'

export interface DispatchOptions {
  readonly ports: DeliveryPorts
  readonly outlet: Outlet
  readonly job: () => Job
  readonly reading: Reading
  readonly retry: Retry
  readonly compressions: Slots
  /** Objects of this job that are put at the same time. */
  readonly puts: Slots
  readonly signal: AbortSignal
}

/**
 * The end of a line: seal → put → checkpoint. What is sealed is put until it is there, without the records that are
 * gone; when its place fails for too long the records go to the errors, and when that fails too they are
 * lost. What is in no object is counted and reported.
 */
export function createDispatch(options: DispatchOptions) {
  const { ports, outlet, job, reading, retry, compressions, puts, signal } = options
  const { logs, metadata, clock, random, destinations } = ports
  const id = outletIdOf(job(), outlet)
  let progress: Progress | undefined
  /** Whether the sealed object may be there although no put succeeded. */
  let isUncertain = false

  /** The job as it is now; undefined when it is no more. */
  async function current(): Promise<Document<Job> | undefined> {
    const document = await readJob(ports, job().documentKey)
    return document?.value.id === job().id && document.value.goneAt === undefined ? document : undefined
  }

  async function commit(make: (now: Job) => Manifest): Promise<boolean> {
    const now = await current()
    if (!now) return false
    progress = await commitSeal(metadata, now, id, progress!, make(now.value))
    isUncertain = false
    return true
  }

  async function put(sealed: Document<Manifest>): Promise<Delivered | undefined> {
    const release = await puts.take()
    const batch = { job: job(), manifest: sealed.value, reading, compressions, signal }
    const answer = await putSealed(ports, batch)
      .catch((error: Partial<DestinationError> & Error) => error)
      .finally(release)
    if (!(answer instanceof Error)) return await finish(sealed, answer.outcome, answer.changes, 1)
    if (signal.aborted) return undefined
    return answer instanceof RecordsGone ? await putRest(sealed) : await failed(sealed, answer)
  }

  /**
   * Some of its records are gone: the others are put without them, once that is durable. An attempt that nobody heard
   * of may have put the object before they went, under a key that is ours alone: then all of them are in it.
   */
  async function putRest(sealed: Document<Manifest>): Promise<Delivered | undefined> {
    let found: Receipt | undefined
    try {
      found = await findPut(ports, { job: job(), manifest: sealed.value, signal })
    } catch (error) {
      return signal.aborted ? undefined : await failed(sealed, error as DestinationError)
    }
    await dropAll(metadata, lineagePrefixOf(job().id, sealed.value.id))
    if (found) return await finish(sealed, { status: 'delivered', ...found }, [], 1)
    const rest = await whatIsLeft(logs, sealed.value, reading)
    if (rest.records > 0) return (await commit(() => rest)) ? await put(progress!.sealed!) : undefined
    const why = whyGone(rest)
    return await finish(sealed, { status: 'lost', why }, [], 0)
  }

  /** Whether an attempt that nobody heard of has put the object; it must not go elsewhere while that is not known. */
  async function tell(sealed: Document<Manifest>): Promise<{ found?: Receipt; isUnknown?: true }> {
    if (!isUncertain) return {}
    try {
      const found = await findPut(ports, { job: job(), manifest: sealed.value, signal })
      return found ? { found } : {}
    } catch {
      return { isUnknown: true }
    }
  }

  async function failed(
    sealed: Document<Manifest>,
    error: Partial<DestinationError> & Error,
  ): Promise<Delivered | undefined> {
    isUncertain = !error.isNowhere && (isUncertain || error.isUncertain !== false)
    const failure = retry.failed(error)
    job().meters.delivered(outlet.kind, undefined)
    const { destination, place, version } = sealed.value
    ports.report({ job: job(), destination, place, version, failure })
    if (clock.now() < sealed.value.giveUpAt) return undefined
    const isTold = await tell(sealed)
    if (isTold.found) return await finish(sealed, { status: 'delivered', ...isTold.found }, [], 0)
    const isLastPlace = sealed.value.givenUp !== undefined || outlet.kind === 'errors'
    if (isTold.isUnknown && !isLastPlace && clock.now() < sealed.value.sealedAt + RETRY_MS) return undefined
    if (isTold.isUnknown || isLastPlace)
      return await finish(sealed, { status: 'lost', why: `${failure.code}: ${failure.message}` }, [], 0)
    const givenUp = { ...failure, attempts: retry.failures() }
    const isPlaced = await commit((now) => placeAsErrors(sealed.value, givenUp, now, random))
    return isPlaced ? await put(progress!.sealed!) : undefined
  }

  async function finish(
    sealed: Document<Manifest>,
    outcome: DeliveryOutcome,
    changes: readonly Change[],
    lastAttempt: 0 | 1,
  ): Promise<Delivered> {
    const attempts = retry.failures() + lastAttempt
    const history = remember(
      job().id,
      sealed.value,
      { outcome, attempts, deliveredAt: clock.now() },
      nameIn(destinations),
    )
    const counted = { jobId: job().id, outletName: outlet.name }
    const gone = await countGone(metadata, counted, history.delivered)
    const also = [...changes, ...history.changes, ...gone]
    progress = await commitDelivered(metadata, progress!, sealed, also)
    retry.succeeded()
    job().meters.delivered(outlet.kind, history.delivered)
    return history.delivered
  }

  return {
    /** Throws unless `load` succeeded before. */
    progress: (): Progress => progress!,
    sealed: (): Manifest | undefined => progress?.sealed?.value,
    /** Goes on from what is durable; false when the outlet has no checkpoint (any more). */
    async load(): Promise<boolean> {
      progress = await loadProgress(metadata, id)
      isUncertain = progress?.sealed !== undefined
      return progress !== undefined
    },
    /** False when the job is no more. */
    async seal(reason: DeliveryReason, content: Content, after: LogPosition[]): Promise<boolean> {
      const number = progress!.checkpoint.value.objects + 1
      const isSealed = await commit((now) =>
        sealBatch(outlet, now, { number, reason, content, after, sealedAt: clock.now() }, random),
      )
      if (isSealed && outlet.name === '') job().meters.read(content)
      return isSealed
    },
    /** Puts what is sealed. Undefined: it failed and will be tried again. */
    async deliver(): Promise<Delivered | undefined> {
      const sealed = progress!.sealed!
      const isOutdated = sealed.value.version !== job().version && !sealed.value.givenUp
      // What an update has repaired need not wait for the place that failed.
      if (isOutdated && retry.failures() > 0 && !isUncertain)
        if (!(await commit((now) => placeAnew(sealed.value, outlet, now, random)))) return undefined
      return await put(progress!.sealed!)
    },
  }
}

export type Dispatch = ReturnType<typeof createDispatch>

interface Sealed {
  readonly job: Job
  readonly manifest: Manifest
  readonly reading: Reading
  readonly compressions: Slots
  readonly signal: AbortSignal
}

/**
 * Puts a sealed batch. Rejects with RecordsGone, or with what the destination said. `changes` belong to the outcome's
 * commit.
 */
async function putSealed(
  { logs, metadata, destinations, formats }: DeliveryPorts,
  { job, manifest, reading, compressions, signal }: Sealed,
): Promise<{ outcome: DeliveryOutcome; changes: readonly Change[] }> {
  const lineage = createLineage(metadata, lineagePrefixOf(job.id, manifest.id), manifest)
  let gone: RecordsGone | undefined
  async function* body() {
    try {
      yield* encode({ logs, formats, manifest, reading, lineage, compressions })
    } catch (error) {
      if (error instanceof RecordsGone) gone = error
      throw error
    }
  }
  try {
    const destination = destinationOf(destinations, manifest)
    const { receipt, changes = [] } = await destination.put({ ...consignmentOf(job, manifest), body }, signal)
    return { outcome: { status: 'delivered', ...receipt }, changes: [...changes, ...lineage.rest()] }
  } catch (error) {
    throw gone ?? error
  }
}

/** What an earlier put of the sealed batch has left, if its answer never came. Rejects with what the destination said. */
async function findPut(
  { destinations }: DeliveryPorts,
  { job, manifest, signal }: Pick<Sealed, 'job' | 'manifest' | 'signal'>,
): Promise<Receipt | undefined> {
  return await destinationOf(destinations, manifest).find?.(consignmentOf(job, manifest), signal)
}

function consignmentOf({ account, region }: Job, manifest: Manifest): Omit<Consignment, 'body'> {
  const { contentEncoding } = compressionOf(manifest.compressionFormat)
  return {
    ...{ place: manifest.place, account, region },
    ...(contentEncoding !== undefined && { contentEncoding }),
  }
}
