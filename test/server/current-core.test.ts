import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Core, openCurrentCore } from '../../src/server/core.ts'

const beforeErasing = async () => undefined

/** Cores that say what is done to them; a second closing of one would hang. */
function toyCores() {
  const said: string[] = []
  const failing = { next: false }
  const emptied = Promise.withResolvers<void>()
  let made = 0
  const open = async (erase: boolean) => {
    if (failing.next) throw new Error('the disk is full')
    const name = `core ${made++}`
    said.push(`open ${name}${erase ? ', empty' : ''}`)
    if (erase) emptied.resolve()
    const core: Pick<Core, 'close'> = {
      async close() {
        said.push(`close ${name}`)
      },
    }
    return core as Core
  }
  return { said, failing, open, emptied: emptied.promise }
}

test('a reset whose opening fails can be done again, and nothing is closed twice', async () => {
  const { said, failing, open } = toyCores()
  const current = await openCurrentCore({ open, beforeErasing })
  failing.next = true
  await assert.rejects(current.reset(), /the disk is full/)
  failing.next = false
  await current.reset()
  await current.close()
  assert.deepEqual(said, ['open core 0', 'close core 0', 'open core 1, empty', 'close core 1'])
})

test('a server that is closed while it is reset closes what the reset opens, and refuses those that wait', async () => {
  const { said, open, emptied } = toyCores()
  const current = await openCurrentCore({ open, beforeErasing })
  const first = current.reset()
  const waiting = current.reset()
  await emptied
  const outcomes = Promise.allSettled([first, waiting, current.close(), current.reset()])
  assert.deepEqual(
    (await outcomes).map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled', 'rejected'],
  )
  assert.deepEqual(said, ['open core 0', 'close core 0', 'open core 1, empty', 'close core 1'])
})

test('a server that is closed while its clock is moved does not wait for the move', async () => {
  const { said, open } = toyCores()
  const current = await openCurrentCore({ open, beforeErasing })
  const begun = Promise.withResolvers<void>()
  const closed = Promise.withResolvers<void>()
  const move = current.change(async () => {
    begun.resolve()
    await closed.promise
  })
  await begun.promise
  await current.close()
  closed.resolve()
  await move
  assert.deepEqual(said, ['open core 0', 'close core 0'])
})
