import type { Hints } from '../job.ts'
import type { DeliveryReason } from '../lineage/manifest.ts'
import { afterFailure, afterSuccess, atOnce, type Retry, UNTRIED, withheld } from '../retries/retry.ts'
import { type BufferTotals, dueAt, reasonAt } from './buffer.ts'

/** Who lost against another line on the same outlet keeps out of its way for so long, longer each time. */
const AFTER_CONFLICT_MS = { first: 1_000, longest: 30_000 }

/** How often a line counts what waits behind a batch that another's attempts stand for. */
const WITHHELD_LOOK_MS = 15 * 60_000

/** So often in a row that it is said: what else works on the outlet never lets this line have its turn. */
export const MANY_CONFLICTS = 5

/**
 * What a line is at: it does one thing at a time, and what came of that is the next event. `next` decides, and nobody
 * else; line.ts does what it says.
 */
export interface LineState {
  readonly doing: 'nothing' | 'loading' | 'delivering' | 'reading' | 'sealing'
  /** A batch has its manifest and is not known to be delivered. */
  readonly isSealed: boolean
  /** Whether what there is was asked for without waiting for its hints, and has been sealed since. */
  readonly request: 'none' | 'flush' | 'flushed'
  readonly retry: Retry
  /** In a row, against whoever else works on the outlet. */
  readonly conflicts: number
  readonly isClosed: boolean
}

export const OPENING: LineState = {
  doing: 'loading',
  isSealed: false,
  request: 'none',
  retry: UNTRIED,
  conflicts: 0,
  isClosed: false,
}

export type LineEvent =
  | { readonly type: 'woken'; readonly isRequested: boolean }
  /** What is durable was read; the outlet has no checkpoint (any more). */
  | { readonly type: 'loaded'; readonly isSealed: boolean }
  | { readonly type: 'absent' }
  /** An attempt to put the batch failed; at `giveUpAt` (ms since 1970) or later it goes elsewhere, if there is such a time. */
  | { readonly type: 'attempt failed'; readonly error: unknown; readonly giveUpAt: number | undefined }
  /** No attempt was made: another's that failed stands for it, and `retryAt` (ms since 1970) is when that is repeated. */
  | { readonly type: 'withheld'; readonly error: Error; readonly retryAt: number }
  /** The checkpoint is behind the batch: it was put, or is lost. */
  | { readonly type: 'attempt over' }
  /** What could be done about the batch now is done. */
  | { readonly type: 'delivered'; readonly isSealed: boolean }
  | ({ readonly type: 'read' } & Read)
  /** Whether the batch is sealed: the job may be no more. */
  | { readonly type: 'sealed'; readonly isSealed: boolean }
  /** Somebody else moved the checkpoint or changed the job. */
  | { readonly type: 'conflicted' }
  | { readonly type: 'failed'; readonly error: unknown }
  /** The job was changed, or what its batch waits for. */
  | { readonly type: 'changed' }
  | { readonly type: 'closed' }

interface Read {
  readonly totals: BufferTotals
  readonly hints: Hints
  /** Something more has come in for which there is room. */
  readonly hasMore: boolean
  /** When the source is to be looked at again. */
  readonly recheckAt: number
}

export type LineAction =
  | { readonly do: 'load' }
  | { readonly do: 'deliver' }
  | { readonly do: 'read' }
  | { readonly do: 'seal'; readonly reason: DeliveryReason }
  /** Have the engine say when there is more. */
  | { readonly do: 'listen' }
  /** Wake at that time, and at no other; before `dueAt` only to look whether something has changed. */
  | { readonly do: 'alarm'; readonly at: number; readonly dueAt: number }
  | { readonly do: 'close' }

export interface LineStep {
  readonly state: LineState
  readonly actions: readonly LineAction[]
}

/** What an event makes of a line; one that it does not wait for changes nothing but what is known. */
export function next(before: LineState, event: LineEvent, now: number): LineStep {
  const state = known(before, event, now)
  const still = { state, actions: [] }
  if (state.isClosed) return { state: { ...state, doing: 'nothing' }, actions: [] }
  switch (event.type) {
    case 'woken':
      if (state.doing !== 'nothing') return still
      return goOn({ ...state, request: event.isRequested ? 'flush' : 'none' }, now)
    case 'loaded':
      if (state.doing !== 'loading') return still
      // The other one may have been quick; who conflicts again and again waits.
      return stop(state, state.conflicts <= 1 ? [alarm(now)] : [])
    case 'delivered':
      if (state.doing !== 'delivering') return still
      return { state: { ...state, doing: 'reading' }, actions: [{ do: 'read' }] }
    case 'read':
      return state.doing === 'reading' ? afterRead(state, event, now) : still
    case 'sealed':
      if (state.doing !== 'sealing') return still
      return event.isSealed ? goOn(state, now) : stop({ ...state, conflicts: 0 })
    case 'conflicted':
      return conflicted(state, now)
    case 'failed':
      return failed(state, event.error, now)
    case 'changed':
      return { state, actions: [alarm(now)] }
    case 'absent':
    case 'closed':
      return stop({ ...state, isClosed: true }, [{ do: 'close' }])
    default:
      return still
  }
}

const stop = (state: LineState, actions: readonly LineAction[] = []): LineStep => ({
  state: { ...state, doing: 'nothing' },
  actions,
})

/** What is so from now on, whatever the line was at, and even if it is closed. */
function known(state: LineState, event: LineEvent, now: number): LineState {
  switch (event.type) {
    case 'loaded':
    case 'delivered':
    case 'sealed':
      return { ...state, isSealed: event.isSealed }
    case 'attempt failed':
      return { ...state, retry: afterFailure(state.retry, event.error, now, event.giveUpAt) }
    case 'withheld':
      return { ...state, retry: withheld(state.retry, event.error, now, event.retryAt) }
    case 'attempt over':
      return { ...state, retry: afterSuccess(state.retry), isSealed: false }
    case 'changed':
      return { ...state, retry: atOnce(state.retry) }
    default:
      return state
  }
}

/** What is sealed goes first, unless it is to wait after failures. */
function goOn(state: LineState, now: number): LineStep {
  const { retryAt, isWithheld } = state.retry
  const isDue = state.request !== 'none' || (!isWithheld && now >= retryAt)
  return state.isSealed && isDue
    ? { state: { ...state, doing: 'delivering' }, actions: [{ do: 'deliver' }] }
    : { state: { ...state, doing: 'reading' }, actions: [{ do: 'read' }] }
}

function afterRead(state: LineState, read: Read, now: number): LineStep {
  const { totals, hints } = read
  const asked = state.request === 'flush' && totals.records > 0 ? 'flush' : undefined
  const reason = state.isSealed ? undefined : (reasonAt(totals, hints, now) ?? asked)
  if (!reason) return stop({ ...state, conflicts: 0 }, [{ do: 'listen' }, wakeAt(state, read, now)])
  const request = reason === 'flush' ? 'flushed' : state.request
  return { state: { ...state, doing: 'sealing', request }, actions: [{ do: 'seal', reason }] }
}

/** When there is something to do without being woken. */
function wakeAt(
  { isSealed, retry }: LineState,
  { totals, hints, hasMore, recheckAt }: Read,
  now: number,
): Alarm {
  if (hasMore) return alarm(now)
  if (isSealed && retry.isWithheld) return look(Math.min(now + WITHHELD_LOOK_MS, recheckAt))
  if (isSealed && retry.isBounded) return alarm(Math.min(retry.retryAt, recheckAt))
  return isSealed
    ? look(Math.min(retry.retryAt, recheckAt))
    : { do: 'alarm', at: Math.min(dueAt(totals, hints), recheckAt), dueAt: dueAt(totals, hints) }
}

type Alarm = Extract<LineAction, { do: 'alarm' }>

const alarm = (at: number): Alarm => ({ do: 'alarm', at, dueAt: at })
const look = (at: number): Alarm => ({ do: 'alarm', at, dueAt: Number.POSITIVE_INFINITY })

/** It goes on from what is durable; should that fail, it is tried later. */
function conflicted(state: LineState, now: number): LineStep {
  if (state.doing === 'nothing' || state.doing === 'loading') return stop(state)
  return {
    state: { ...state, doing: 'loading', conflicts: state.conflicts + 1 },
    actions: [look(now + waitAfter(state.conflicts)), { do: 'load' }],
  }
}

const waitAfter = (conflicts: number): number =>
  Math.min(AFTER_CONFLICT_MS.first * 2 ** Math.max(0, conflicts - 1), AFTER_CONFLICT_MS.longest)

function failed(state: LineState, error: unknown, now: number): LineStep {
  // What is to wake it after a conflict is set already.
  if (state.doing === 'nothing' || state.doing === 'loading') return stop(state)
  const retry = afterFailure(state.retry, error, now)
  return stop({ ...state, retry }, [look(retry.retryAt)])
}
