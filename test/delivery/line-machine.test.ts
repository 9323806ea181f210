import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isGivenUp } from '../../src/delivery/line/dispatch.ts'
import { type LineEvent, type LineState, next, OPENING } from '../../src/delivery/line/line-machine.ts'

const NOW = 1_000_000
const error = { message: 'failed' }
const empty = { records: 0, bytes: 0, billedBytes: 0, oldestArrival: Number.POSITIVE_INFINITY }
const some = { records: 3, bytes: 30, billedBytes: 15_360, oldestArrival: NOW - 1 }
const hints = { sizeBytes: 100, intervalMs: 60_000 }
const read = { type: 'read', totals: empty, hints, hasMore: false, recheckAt: NOW + 500 } as const

/** Every event, in the forms that decide differently. */
const EVENTS: Readonly<Record<string, LineEvent>> = {
  woken: { type: 'woken', isRequested: false },
  asked: { type: 'woken', isRequested: true },
  'loaded nothing': { type: 'loaded', isSealed: false },
  'loaded a batch': { type: 'loaded', isSealed: true },
  absent: { type: 'absent' },
  'attempt failed': { type: 'attempt failed', error, giveUpAt: 0 },
  'attempt over': { type: 'attempt over' },
  delivered: { type: 'delivered', isSealed: false },
  undelivered: { type: 'delivered', isSealed: true },
  'read nothing': read,
  'read some': { ...read, totals: some },
  'read much': { ...read, totals: { ...some, bytes: 100 } },
  'read old': { ...read, totals: { ...some, oldestArrival: NOW - 60_000 } },
  sealed: { type: 'sealed', isSealed: true },
  'job gone': { type: 'sealed', isSealed: false },
  conflicted: { type: 'conflicted' },
  failed: { type: 'failed', error },
  changed: { type: 'changed' },
  closed: { type: 'closed' },
}

const DOING: readonly LineState['doing'][] = ['nothing', 'loading', 'delivering', 'reading', 'sealing']
const at = (doing: LineState['doing'], over: Partial<LineState> = {}): LineState => ({
  ...OPENING,
  doing,
  ...over,
})

/** What is done then, and what with; '-' where the event is not waited for. One column for each of DOING. */
const TABLE: Readonly<Record<keyof typeof EVENTS, readonly string[]>> = {
  //                   nothing             loading             delivering          reading             sealing
  woken: ['reading read', '-', '-', '-', '-'],
  asked: ['reading read', '-', '-', '-', '-'],
  'loaded nothing': ['-', 'nothing alarm+0', '-', '-', '-'],
  'loaded a batch': ['-', 'nothing alarm+0', '-', '-', '-'],
  absent: Array(5).fill('nothing close'),
  'attempt failed': Array(5).fill('-'),
  'attempt over': Array(5).fill('-'),
  delivered: ['-', '-', 'reading read', '-', '-'],
  undelivered: ['-', '-', 'reading read', '-', '-'],
  'read nothing': ['-', '-', '-', 'nothing listen alarm+500', '-'],
  'read some': ['-', '-', '-', 'nothing listen alarm+500', '-'],
  'read much': ['-', '-', '-', 'sealing seal:size', '-'],
  'read old': ['-', '-', '-', 'sealing seal:interval', '-'],
  sealed: ['-', '-', '-', '-', 'delivering deliver'],
  'job gone': ['-', '-', '-', '-', 'nothing'],
  conflicted: ['nothing', 'nothing', ...Array(3).fill('loading alarm+1000 load')],
  failed: ['nothing', 'nothing', ...Array(3).fill('nothing alarm+1000')],
  changed: ['nothing alarm+0', 'loading alarm+0', 'delivering alarm+0', 'reading alarm+0', 'sealing alarm+0'],
  closed: Array(5).fill('nothing close'),
}

function outcome(state: LineState, event: LineEvent): string {
  const step = next(state, event, NOW)
  const actions = step.actions.map((action) => {
    if (action.do === 'alarm') return `alarm+${action.at - NOW}`
    return action.do === 'seal' ? `seal:${action.reason}` : action.do
  })
  return [step.state.doing, ...actions].join(' ')
}

for (const [name, event] of Object.entries(EVENTS))
  test(`a line to which happens: ${name}`, () => {
    const row = TABLE[name]!.map((cell, index) => (cell === '-' ? DOING[index] : cell))
    assert.deepEqual(
      DOING.map((doing) => outcome(at(doing), event)),
      row,
    )
  })

test('what is sealed is delivered first, unless it waits after failures and nobody asks for it', () => {
  const retry = { failures: 2, retryAt: NOW + 1 }
  const waiting = at('nothing', { isSealed: true, retry })
  assert.equal(outcome(waiting, EVENTS.woken!), 'reading read')
  assert.equal(outcome(waiting, EVENTS.asked!), 'delivering deliver')
  assert.equal(
    outcome({ ...waiting, retry: { ...retry, retryAt: NOW } }, EVENTS.woken!),
    'delivering deliver',
  )
  assert.equal(outcome({ ...waiting, doing: 'reading' }, EVENTS['read much']!), 'nothing listen alarm+1')
})

test('what was asked for is sealed once, and what comes in meanwhile waits for its hints', () => {
  const asked = next(at('nothing'), EVENTS.asked!, NOW).state
  const sealing = next(asked, EVENTS['read some']!, NOW)
  assert.deepEqual(sealing.actions, [{ do: 'seal', reason: 'flush' }])
  const reading = next(next(sealing.state, EVENTS.sealed!, NOW).state, EVENTS.delivered!, NOW).state
  assert.equal(outcome(reading, EVENTS['read some']!), 'nothing listen alarm+500')
})

test('who conflicts again and again comes back later and later, half a minute at most', () => {
  const waits = [0, 1, 2, 3, 9].map((conflicts) => {
    const [alarm] = next(at('sealing', { conflicts }), EVENTS.conflicted!, NOW).actions
    return alarm?.do === 'alarm' && alarm.at - NOW
  })
  assert.deepEqual(waits, [1_000, 1_000, 2_000, 4_000, 30_000])
})

test('who conflicts a second time does not come back at once', () => {
  const again = next(at('sealing', { conflicts: 1 }), EVENTS.conflicted!, NOW)
  assert.deepEqual(again.actions, [
    { do: 'alarm', at: NOW + 1000, dueAt: Number.POSITIVE_INFINITY },
    { do: 'load' },
  ])
  assert.equal(outcome(again.state, EVENTS['loaded nothing']!), 'nothing')
})

const events = fc.array(fc.constantFrom(...Object.values(EVENTS)), { maxLength: 60 })

test('whatever happens: one thing is done at a time, nothing is sealed over a batch, and a closed line rests', () => {
  fc.assert(
    fc.property(events, (happening) => {
      let state: LineState = OPENING
      for (const event of happening) {
        const before = state
        const { state: after, actions } = next(before, event, NOW)
        const works = actions.filter(({ do: what }) => ['load', 'deliver', 'read', 'seal'].includes(what))
        assert.ok(works.length <= 1)
        if (works.length === 1) assert.notEqual(after.doing, 'nothing')
        if (works[0]?.do === 'seal') assert.equal(after.isSealed, false)
        if (works[0]?.do === 'deliver') assert.equal(after.isSealed, true)
        if (before.isClosed) assert.deepEqual([after.doing, actions], ['nothing', []])
        state = after
      }
    }),
  )
})

test('whatever happened, a line that is left alone comes to rest with an alarm or an ear', () => {
  fc.assert(
    fc.property(events, (happening) => {
      let state: LineState = happening.reduce((one: LineState, event) => next(one, event, NOW).state, OPENING)
      fc.pre(!state.isClosed)
      /** What each piece of work comes to when all goes well. */
      const ends = {
        loading: EVENTS['loaded nothing']!,
        delivering: EVENTS.delivered!,
        reading: EVENTS['read nothing']!,
        sealing: EVENTS.sealed!,
      }
      let last: readonly { do: string }[] = []
      for (let steps = 0; state.doing !== 'nothing'; steps++) {
        assert.ok(steps < 5)
        const step = next(state, ends[state.doing], NOW)
        ;[state, last] = [step.state, step.actions]
      }
      const isHeard = last.some(({ do: what }) => what === 'alarm' || what === 'listen')
      assert.ok(isHeard || last.length === 0)
    }),
  )
})

test('a batch goes to the errors when its time is over, and only where there is one', () => {
  const LATER = NOW + 24 * 3_600_000
  const failure = { ...{ code: 'S3.NoSuchBucket', message: 'x', at: NOW }, attempts: 1 }
  const cases = [
    { kind: 'objects', retryMs: undefined },
    // Former versions sealed it with a time.
    { kind: 'objects', giveUpAt: LATER, retryMs: undefined },
    { kind: 'objects', giveUpAt: LATER, retryMs: 1 },
    { kind: 'partition', giveUpAt: LATER, retryMs: 1 },
    { kind: 'partition', giveUpAt: LATER, retryMs: 1, givenUp: failure },
    { kind: 'errors', giveUpAt: LATER, retryMs: 1 },
  ] as const
  assert.deepEqual(
    cases.map((one) => [isGivenUp(one, one, LATER - 1), isGivenUp(one, one, LATER)]),
    [
      [false, false],
      [false, false],
      [false, true],
      [false, true],
      [false, false],
      [false, false],
    ],
  )
})
