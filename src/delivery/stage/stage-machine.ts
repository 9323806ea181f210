import { afterFailure, afterSuccess, type Retry, UNTRIED } from '../retries/retry.ts'

/**
 * What a stage is at: it does one thing at a time, and what came of that is the next event. `next` decides, and nobody
 * else; stage.ts does what it says. Nothing of a batch leaves before what was judged of it is durable.
 */
export interface StageState {
  readonly doing:
    | 'nothing'
    | 'loading'
    | 'finishing'
    | 'reading'
    | 'judging'
    | 'beginning'
    | 'emitting'
    | 'ending'
  /** The checkpoint holds a batch, of which some may have left. */
  readonly isBegun: boolean
  /** That batch was begun in an earlier life, or failed halfway: it is repeated before anything else is read. */
  readonly isUnfinished: boolean
  readonly retry: Retry
  readonly isClosed: boolean
}

/** It has read what is durable. */
export const opened = (isBegun: boolean): StageState => ({
  ...{ doing: 'nothing', isBegun, isUnfinished: isBegun, retry: UNTRIED, isClosed: false },
})

export type StageEvent =
  | { readonly type: 'woken' }
  /** What is durable was read; there is no checkpoint (any more). */
  | { readonly type: 'loaded'; readonly isBegun: boolean }
  | { readonly type: 'absent' }
  /** The batch that was begun has left, all of it, and the checkpoint is behind it. */
  | { readonly type: 'finished' }
  | ({ readonly type: 'read'; readonly isEmpty: boolean } & Ahead)
  /** What was read is processed. `isWhole`: all that came of it is at hand. */
  | { readonly type: 'judged' }
  /** That is durable. */
  | { readonly type: 'begun'; readonly isWhole: boolean }
  | { readonly type: 'emitted' }
  /** The checkpoint is behind all that was read. */
  | ({ readonly type: 'ended' } & Ahead)
  | { readonly type: 'failed'; readonly error: unknown }
  /** It is to do no more than it has begun. */
  | { readonly type: 'closed' }
  /** It can do no more at all. */
  | { readonly type: 'died' }

interface Ahead {
  /** Something more has come in. */
  readonly hasMore: boolean
  /** When the source is to be looked at again. */
  readonly recheckAt: number
}

export type StageAction =
  | { readonly do: 'load' }
  /** Repeat the batch that was begun. */
  | { readonly do: 'finish' }
  | { readonly do: 'read' }
  | { readonly do: 'judge' }
  | { readonly do: 'begin' }
  | { readonly do: 'emit' }
  | { readonly do: 'end' }
  /** Have the engine say when there is more. */
  | { readonly do: 'listen' }
  /** Wake at that time, and at no other. */
  | { readonly do: 'alarm'; readonly at: number }
  | { readonly do: 'close' }

export interface StageStep {
  readonly state: StageState
  readonly actions: readonly StageAction[]
}

/** What each event is the end of. */
const ENDS = {
  loaded: 'loading',
  finished: 'finishing',
  read: 'reading',
  judged: 'judging',
  begun: 'beginning',
  emitted: 'emitting',
  ended: 'ending',
  woken: 'nothing',
} as const

/** What an event makes of a stage; one that it does not wait for changes nothing. */
export function next(state: StageState, event: StageEvent, now: number): StageStep {
  if (event.type === 'closed') return { state: { ...state, isClosed: true }, actions: [{ do: 'close' }] }
  if (event.type === 'died' || event.type === 'absent')
    return stop({ ...state, isClosed: true }, [{ do: 'close' }])
  if (event.type === 'failed') return failed(state, event.error, now)
  if (ENDS[event.type] !== state.doing) return { state, actions: [] }
  switch (event.type) {
    case 'woken':
      // A batch that closing has left in the middle would look as if it had been emitted.
      if (state.isClosed) return stop(state)
      return state.retry.failures > 0 ? go(state, 'loading', 'load') : begin(state)
    case 'loaded':
      return begin({ ...state, isBegun: event.isBegun, isUnfinished: event.isBegun })
    case 'finished':
      return begin({ ...state, isBegun: false, isUnfinished: false })
    case 'read':
      return event.isEmpty ? endOf(state, event, now) : go(state, 'judging', 'judge')
    case 'judged':
      return go(state, 'beginning', 'begin')
    case 'begun':
      return event.isWhole
        ? go({ ...state, isBegun: true }, 'emitting', 'emit')
        : go({ ...state, isBegun: true }, 'finishing', 'finish')
    case 'emitted':
      return state.isClosed ? go(state, 'ending', 'end') : go(state, 'reading', 'read')
    case 'ended':
      return rest({ ...state, isBegun: false }, event, now)
  }
}

type Step = Exclude<StageAction['do'], 'alarm'>

const go = (state: StageState, doing: StageState['doing'], step: Step): StageStep => ({
  state: { ...state, doing },
  actions: [{ do: step }],
})

const stop = (state: StageState, actions: readonly StageAction[] = []): StageStep => ({
  state: { ...state, doing: 'nothing' },
  actions,
})

function begin(state: StageState): StageStep {
  if (state.isUnfinished) return go(state, 'finishing', 'finish')
  return state.isClosed ? stop(state) : go(state, 'reading', 'read')
}

const endOf = (state: StageState, ahead: Ahead, now: number): StageStep =>
  state.isBegun ? go(state, 'ending', 'end') : rest(state, ahead, now)

const rest = (state: StageState, { hasMore, recheckAt }: Ahead, now: number): StageStep =>
  stop({ ...state, retry: afterSuccess(state.retry) }, [
    { do: 'listen' },
    { do: 'alarm', at: hasMore ? now : recheckAt },
  ])

function failed(state: StageState, error: unknown, now: number): StageStep {
  if (state.doing === 'nothing' || state.isClosed) return stop(state)
  const retry = afterFailure(state.retry, error, now)
  return stop({ ...state, retry }, [{ do: 'alarm', at: retry.retryAt }])
}
