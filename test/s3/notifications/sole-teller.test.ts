import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createClock } from '../../../src/clock/clock.ts'
import { createMemoryEngine } from '../../../src/engine/memory/memory-engine.ts'
import { createTelling } from '../../../src/s3/telling/sole-teller.ts'

test('when it is its turn because of what is new, all that waited for it are asked again', async (t) => {
  const clock = createClock({ mode: 'manual', startAt: 0, onError: (error) => assert.fail(String(error)) })
  const { metadata } = createMemoryEngine({ clock })
  let asked = 0
  const former = createTelling({ metadata, owner: 'former', askAgain: () => assert.fail('it holds it') })
  const next = createTelling({ metadata, owner: 'next', askAgain: () => asked++ })
  t.after(() => next.close())
  assert.equal(await former.mayTell(), true)
  assert.equal(await next.mayTell(), false)
  await former.close()
  assert.equal(asked, 0, 'the timer has not run out')
  assert.equal(await next.mayTell(), true, 'a line with a new event asks')
  assert.equal(asked, 1)
  assert.equal(await next.mayTell(), true)
  assert.equal(asked, 1)
})
