import type { Cancel } from '../../clock/clock.ts'
import { type Document, isEngineError } from '../../engine/engine.ts'
import { type DeliveryStream, streamKeyOf } from '../delivery-stream.ts'
import { ensureDirectPutLog } from '../direct-put-log.ts'
import { deliveryFailed } from '../exceptions.ts'
import type { Firehose } from '../firehose.ts'
import { intervalMsOf, sizeBytesOf } from '../s3-settings.ts'
import { dueAt, type Hints, reasonAt } from './buffer.ts'
import { commitDelivered, commitSeal, loadProgress, type Progress } from './checkpoint.ts'
import { createIntake, type Intake } from './intake.ts'
import {
  type Delivered,
  type DeliveryOutcome,
  type DeliveryReason,
  type Manifest,
  sealBatch,
} from './manifest.ts'
import { meterDelivered, meterSealed } from './meter-delivery.ts'
import { putSealed } from './put-sealed.ts'
import { createSerial } from './serial.ts'
import type { Slots } from './slots.ts'

const RETRY_MS = { first: 1000, longest: 300_000 }

export interface Failure {
  readonly code: string
  readonly message: string
  readonly at: number
}

/** What the gauge and `landed` show of a line; changes under whoever keeps it. */
export interface LineState {
  readonly stream: DeliveryStream
  readonly hints: Hints
  readonly progress: Progress
  readonly intake: Intake
  /** Failed attempts since the last success. */
  readonly failures: number
  readonly retryAt?: number
  readonly lastError?: Failure
}

/**
 * The delivery line of one delivery stream: read → buffer → seal → put → checkpoint, one step at a time.
 * Every commit checks the checkpoint's revision: of two lines at work on the same delivery stream one seals, the
 * other starts over from what is durable.
 * Undefined when the delivery stream has no checkpoint (any more).
 */
export async function openLine(firehose: Firehose, stream: DeliveryStream, compressions: Slots) {
  const { logs, metadata, clock, random, meters, streams } = firehose
  const hints = { sizeBytes: sizeBytesOf(stream.destination), intervalMs: intervalMsOf(stream.destination) }
  const closing = new AbortController()
  const run = createSerial()
  let waits = new AbortController()
  let progress: Progress
  let intake: Intake
  let failures = 0
  let conflicts = 0
  let retryAt = Number.NEGATIVE_INFINITY
  let lastError: Failure | undefined
  let cancelAlarm: Cancel = () => undefined

  async function load(): Promise<boolean> {
    const loaded = await loadProgress(metadata, stream.id)
    if (!loaded) return false
    waits.abort()
    waits = new AbortController()
    progress = loaded
    intake = createIntake({
      logs,
      now: clock.now,
      streams,
      streamArn: stream.source?.streamArn,
      positions: loaded.sealed?.value.after ?? loaded.checkpoint.value.positions,
      sizeBytes: hints.sizeBytes,
      wake: () => alarmAt(clock.now()),
      signal: waits.signal,
    })
    return true
  }

  async function advance(isRequested: boolean): Promise<Delivered[]> {
    const done: Delivered[] = []
    let request = isRequested
    while (!closing.signal.aborted) {
      if (progress.sealed) {
        const isDue = isRequested || clock.now() >= retryAt
        const delivered = isDue ? await deliver(progress.sealed) : undefined
        if (delivered) done.push(delivered)
      }
      await intake.fill()
      if (progress.sealed) break
      const totals = intake.buffer.totals()
      const reason =
        reasonAt(totals, hints, clock.now()) ?? (request && totals.records > 0 ? 'request' : undefined)
      if (!reason) break
      if (reason === 'request') request = false
      await seal(reason)
    }
    intake.await()
    alarmAt(nextAt())
    return done
  }

  /** When there is something to do without being woken. */
  function nextAt(): number {
    if (intake.hasMore()) return clock.now()
    return Math.min(progress.sealed ? retryAt : dueAt(intake.buffer.totals(), hints), intake.recheckAt())
  }

  async function seal(reason: DeliveryReason): Promise<void> {
    const current = await metadata.get<DeliveryStream>(streamKeyOf(stream))
    if (current?.value.id !== stream.id || current.value.goneAt !== undefined) return close()
    const content = intake.buffer.content()
    const number = progress.checkpoint.value.objects + 1
    const batch = { number, reason, content, after: intake.positions() }
    const manifest = sealBatch(current.value, batch, clock.now(), random)
    progress = await commitSeal(metadata, current, progress, manifest)
    intake.buffer.clear()
    meterSealed(meters, stream, content)
  }

  async function deliver(sealed: Document<Manifest>): Promise<Delivered | undefined> {
    let outcome: DeliveryOutcome
    try {
      outcome = await putSealed(firehose, stream, sealed.value, compressions, closing.signal)
    } catch (error) {
      if (closing.signal.aborted) return undefined
      meterDelivered(meters, stream, undefined)
      failed(error)
      return undefined
    }
    const committed = await commitDelivered(metadata, stream.id, progress, sealed, outcome, clock.now())
    progress = committed.progress
    failures = 0
    retryAt = Number.NEGATIVE_INFINITY
    meterDelivered(meters, stream, committed.delivered)
    await trim(sealed.value)
    return committed.delivered
  }

  /** Only a Direct PUT delivery stream's log is its own. */
  async function trim({ after }: Manifest): Promise<void> {
    if (stream.type !== 'DirectPut') return
    for (const { group, log, next } of after) await logs.trim({ group, log }, next)
  }

  function failed(error: unknown): void {
    const { code = 'InternalError', message } = error as { code?: string; message: string }
    lastError = { code, message, at: clock.now() }
    retryAt = clock.now() + Math.min(RETRY_MS.first * 2 ** failures++, RETRY_MS.longest)
  }

  async function work(isRequested: boolean): Promise<Delivered[]> {
    try {
      const delivered = await advance(isRequested)
      conflicts = 0
      return delivered
    } catch (error) {
      if (closing.signal.aborted || isEngineError(error, 'Closed')) return []
      if (isEngineError(error, 'Conflict')) {
        // Somebody else moved the checkpoint or changed the delivery stream: go on from what is durable.
        if (await load()) alarmAt(clock.now() + (conflicts++ === 0 ? 0 : RETRY_MS.first))
        else close()
        return []
      }
      failed(error)
      alarmAt(retryAt)
      throw error
    }
  }

  function alarmAt(time: number): void {
    cancelAlarm()
    if (closing.signal.aborted || time === Number.POSITIVE_INFINITY) return
    cancelAlarm = clock.at(time, async () => void (await run(() => work(false))))
  }

  function close(): void {
    cancelAlarm()
    waits.abort()
    closing.abort()
  }

  await ensureDirectPutLog(logs, stream)
  if (!(await load())) return undefined
  alarmAt(clock.now())

  return {
    id: stream.id,
    /** Everything acknowledged so far is in the buffer, and what is due has been tried. */
    settle: () =>
      run(async () => {
        intake.expectAll()
        await work(false)
      }),
    /** Delivers what there is; throws DeliveryFailed when the destination refuses. */
    deliverNow: () =>
      run(async () => {
        intake.expectAll()
        const delivered = await work(true)
        if (progress.sealed) throw deliveryFailed(stream.name, lastError?.message ?? 'it is being closed')
        return delivered
      }),
    state: (): LineState => ({
      stream,
      hints,
      progress,
      intake,
      failures,
      ...(progress.sealed && failures > 0 && { retryAt }),
      ...(lastError && { lastError }),
    }),
    /** Stops; what is buffered stays in the logs, with its deadline. */
    async close(): Promise<void> {
      close()
      await run(async () => undefined)
    },
  }
}

export type Line = NonNullable<Awaited<ReturnType<typeof openLine>>>
