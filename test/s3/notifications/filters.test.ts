import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isOverlapping, isToldOf, type Notification } from '../../../src/s3/buckets/notification.ts'
import { EVENT_NAMES, KNOWN_EVENTS } from '../../../src/s3/notifications/event-names.ts'
import { encodedKey } from '../../../src/s3/notifications/message.ts'
import { sequencerOf } from '../../../src/s3/notifications/owed-event.ts'

const part = fc.option(fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 3 }), { nil: undefined })
const notification: fc.Arbitrary<Notification> = fc
  .record({
    events: fc.uniqueArray(fc.constantFrom(...KNOWN_EVENTS), { minLength: 1, maxLength: 3 }),
    prefix: part,
    suffix: part,
  })
  .map(({ events, prefix, suffix }) => ({
    ...{ id: 'id', destination: 'arn', events },
    ...(prefix !== undefined && { prefix }),
    ...(suffix !== undefined && { suffix }),
  }))
const key = fc.string({ unit: fc.constantFrom('a', 'b', '/'), minLength: 1, maxLength: 8 })

test('whoever may both be told of an event overlaps, and nobody else', () => {
  fc.assert(
    fc.property(
      notification,
      notification,
      key,
      fc.constantFrom(...EVENT_NAMES),
      (one, other, some, event) => {
        if (isToldOf(one, event, some) && isToldOf(other, event, some)) assert.ok(isOverlapping(one, other))
        assert.equal(isOverlapping(one, other), isOverlapping(other, one))
        if (!isOverlapping(one, other)) return
        // A key of both can be made, and an event of both is there.
        const longest = (a = '', b = '') => (a.length > b.length ? a : b)
        const both = longest(one.prefix, other.prefix) + longest(one.suffix, other.suffix)
        assert.ok(EVENT_NAMES.some((each) => isToldOf(one, each, both) && isToldOf(other, each, both)))
      },
    ),
  )
})

test('a key is told when it begins and ends as it is wanted, in its case', () => {
  const wanted = { id: '', destination: '', events: ['s3:ObjectCreated:Put'], prefix: 'raw/', suffix: '.gz' }
  const told = ['raw/a.gz', 'raw/.gz', 'raw/a.GZ', 'Raw/a.gz', 'a/raw/b.gz', 'raw/a.gz.tmp'].filter((one) =>
    isToldOf(wanted, 'ObjectCreated:Put', one),
  )
  assert.deepEqual(told, ['raw/a.gz', 'raw/.gz'])
  assert.ok(!isToldOf(wanted, 'ObjectCreated:Post', 'raw/a.gz'))
})

test('a filter is written as in a form, and what is no code stands for itself', () => {
  const keysOf = (prefix: string) =>
    ['a b/c', 'a+b/c', 'a%20b/c', 'é=1/c', '100%/c'].filter((key) =>
      isToldOf(
        { id: '', destination: '', events: ['s3:ObjectCreated:Put'], prefix },
        'ObjectCreated:Put',
        key,
      ),
    )
  assert.deepEqual([keysOf('a+b/'), keysOf('a%20b/')], [['a b/c'], ['a b/c']])
  assert.deepEqual([keysOf('a%2Bb/'), keysOf('a%2520b/')], [['a+b/c'], ['a%20b/c']])
  assert.deepEqual([keysOf('é=1/'), keysOf('%C3%A9%3D1/')], [['é=1/c'], ['é=1/c']])
  assert.deepEqual([keysOf('100%/'), keysOf('100%25/')], [['100%/c'], ['100%/c']])
  const events = ['s3:ObjectCreated:Put']
  const [one, other] = ['a+b/', 'a%20b/'].map((prefix) => ({ id: '', destination: '', events, prefix }))
  assert.ok(isOverlapping(one!, other!))
})

test('a later sequencer is the greater one, compared as AWS says', () => {
  const revision = fc.nat({ max: Number.MAX_SAFE_INTEGER })
  fc.assert(
    fc.property(revision, revision, (a, b) => {
      const padded = [sequencerOf(a), sequencerOf(b)].map((text) => text.padEnd(32, '0'))
      assert.equal(padded[0]! < padded[1]!, a < b)
      assert.match(sequencerOf(a), /^[0-9A-F]{18}$/)
    }),
  )
})

test('a key is encoded as forms are, but for its slashes, and is read back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const encoded = encodedKey(text)
      assert.match(encoded, /^[A-Za-z0-9.*_+/%-]*$/)
      assert.equal(new URLSearchParams(`k=${encoded}`).get('k'), text.toWellFormed())
    }),
  )
  assert.equal(encodedKey('red flower/(1)+~é@.jpg'), 'red+flower/%281%29%2B%7E%C3%A9%40.jpg')
})
