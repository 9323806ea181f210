import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { next, opened, type StageEvent, type StageState } from '../../src/delivery/stage/stage-machine.ts'

const NOW = 1_000_000
const ahead = { hasMore: false, recheckAt: NOW + 500 }

/** Every event, in the forms that decide differently. */
const EVENTS: Readonly<Record<string, StageEvent>> = {
  woken: { type: 'woken' },
  'loaded nothing': { type: 'loaded', isBegun: false },
  'loaded a batch': { type: 'loaded', isBegun: true },
  absent: { type: 'absent' },
  finished: { type: 'finished' },
  'read nothing': { type: 'read', isEmpty: true, ...ahead },
  'read some': { type: 'read', isEmpty: false, ...ahead },
  judged: { type: 'judged' },
  'begun whole': { type: 'begun', isWhole: true },
  'begun in part': { type: 'begun', isWhole: false },
  emitted: { type: 'emitted' },
  ended: { type: 'ended', ...ahead },
  failed: { type: 'failed', error: { message: 'failed' } },
  closed: { type: 'closed' },
  died: { type: 'died' },
}

const DOING: readonly StageState['doing'][] = [
  ...(['nothing', 'loading', 'finishing', 'reading', 'judging', 'beginning', 'emitting', 'ending'] as const),
]
const at = (doing: StageState['doing'], over: Partial<StageState> = {}): StageState => ({
  ...opened(false),
  doing,
  ...over,
})

function outcome(state: StageState, event: StageEvent): string {
  const step = next(state, event, NOW)
  const actions = step.actions.map((one) => (one.do === 'alarm' ? `alarm+${one.at - NOW}` : one.do))
  return [step.state.doing, ...actions].join(' ')
}

/** The only state that waits for an event, and what comes then; in all others it changes nothing. */
const TABLE: Readonly<Record<string, readonly [StageState['doing'], string]>> = {
  woken: ['nothing', 'reading read'],
  'loaded nothing': ['loading', 'reading read'],
  'loaded a batch': ['loading', 'finishing finish'],
  finished: ['finishing', 'reading read'],
  'read nothing': ['reading', 'nothing listen alarm+500'],
  'read some': ['reading', 'judging judge'],
  judged: ['judging', 'beginning begin'],
  'begun whole': ['beginning', 'emitting emit'],
  'begun in part': ['beginning', 'finishing finish'],
  emitted: ['emitting', 'reading read'],
  ended: ['ending', 'nothing listen alarm+500'],
}

/** What comes of an event that any state takes. */
const ALWAYS: Readonly<Record<string, (doing: StageState['doing']) => string>> = {
  absent: () => 'nothing close',
  died: () => 'nothing close',
  closed: (doing) => `${doing} close`,
  failed: (doing) => (doing === 'nothing' ? 'nothing' : 'nothing alarm+1000'),
}

for (const [name, event] of Object.entries(EVENTS))
  test(`a stage to which happens: ${name}`, () => {
    const expected = (doing: StageState['doing']) => {
      const [waiting, then] = TABLE[name] ?? []
      return ALWAYS[name]?.(doing) ?? (waiting === doing ? then : doing)
    }
    assert.deepEqual(
      DOING.map((doing) => outcome(at(doing), event)),
      DOING.map(expected),
    )
  })

test('the checkpoint is moved behind a batch once nothing more comes in', () => {
  const begun = { isBegun: true }
  assert.equal(outcome(at('reading', begun), EVENTS['read nothing']!), 'ending end')
  assert.equal(outcome(at('reading', begun), EVENTS['read some']!), 'judging judge')
})

test('after a failure it goes on from what is durable', () => {
  const { state } = next(at('emitting', { isBegun: true }), EVENTS.failed!, NOW)
  assert.equal(outcome(state, EVENTS.woken!), 'loading load')
})

test('a stage that is closed brings its batch to an end and begins nothing', () => {
  const closed = { isClosed: true, isBegun: true }
  assert.equal(outcome(at('nothing', closed), EVENTS.woken!), 'nothing')
  assert.equal(outcome(at('judging', closed), EVENTS.judged!), 'beginning begin')
  assert.equal(outcome(at('emitting', closed), EVENTS.emitted!), 'ending end')
  assert.equal(outcome(at('finishing', closed), EVENTS.finished!), 'nothing')
  assert.equal(outcome(at('emitting', closed), EVENTS.failed!), 'nothing')
})

test('whatever happens, nothing of a batch leaves before it is durable, and nothing ends that was not emitted', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...Object.values(EVENTS)), { maxLength: 80 }), (happening) => {
      let state = opened(false)
      let [isDurable, isEmitted] = [false, true]
      for (const event of happening) {
        const { state: after, actions } = next(state, event, NOW)
        const isWaitedFor = after !== state
        if (isWaitedFor && event.type === 'begun') isDurable = true
        if (isWaitedFor && event.type === 'loaded') [isDurable, isEmitted] = [event.isBegun, !event.isBegun]
        if (isWaitedFor && (event.type === 'emitted' || event.type === 'finished')) isEmitted = true
        for (const { do: what } of actions) {
          if (what === 'begin') [isDurable, isEmitted] = [false, false]
          if (what === 'emit' || what === 'finish') assert.ok(isDurable)
          if (what === 'end') assert.ok(isEmitted)
        }
        state = after
      }
    }),
  )
})
