import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createAccounts } from '../../../src/wire/flight/accounts.ts'
import { connectionBytesOf, defaultTotalBytes, granted } from '../../../src/wire/flight/grants.ts'

const MIB = 2 ** 20
const ROOM = {
  ...{ totalBytes: 160 * MIB, connectionBytes: 80 * MIB },
  ...{ used: 0, usedByWaiting: 0, usedByConnection: 0 },
}

test('who wants much gets what there is, if that is enough for it, and leaves a sixteenth to small requests', () => {
  assert.deepEqual(granted(ROOM, { most: 10 * MIB, least: MIB }, true), { bytes: 10 * MIB })
  const nearlyFull = { ...ROOM, used: 145 * MIB }
  assert.deepEqual(granted(nearlyFull, { most: 10 * MIB, least: MIB }, true), { bytes: 5 * MIB })
  assert.equal(granted(nearlyFull, { most: 10 * MIB, least: 6 * MIB }, true), 'total')
  assert.deepEqual(granted({ ...ROOM, used: 159 * MIB }, { most: 1_000, least: 1_000 }, true), {
    bytes: 1_000,
  })
})

test('one connection does not keep the others out', () => {
  const busy = { ...ROOM, used: 80 * MIB, usedByConnection: 80 * MIB }
  assert.equal(granted(busy, { most: MIB, least: MIB }, true), 'connection')
  assert.deepEqual(granted({ ...busy, usedByConnection: 0 }, { most: MIB, least: MIB }, true), { bytes: MIB })
})

test('where all that is in use is held by those who wait, the first of them goes on beyond all bounds', () => {
  const stuck = { ...ROOM, used: 160 * MIB, usedByWaiting: 160 * MIB }
  assert.deepEqual(granted(stuck, { most: 8 * MIB, least: 8 * MIB }, true), { bytes: 8 * MIB })
  assert.equal(granted(stuck, { most: 8 * MIB, least: 8 * MIB }, false), 'total')
  assert.equal(granted({ ...stuck, usedByWaiting: 159 * MIB }, { most: MIB, least: MIB }, true), 'total')
})

test('the bound is a quarter of what the process may have, between 16 and 128 MiB', () => {
  assert.equal(defaultTotalBytes(4_096 * MIB, Number.MAX_SAFE_INTEGER), 128 * MIB)
  assert.equal(defaultTotalBytes(4_096 * MIB, 256 * MIB), 64 * MIB)
  assert.equal(defaultTotalBytes(32 * MIB, Number.MAX_SAFE_INTEGER), 16 * MIB)
})

/** What a request may do, by turns. */
const act = fc.record({
  request: fc.nat(9),
  does: fc.constantFrom('take' as const, 'give' as const, 'close' as const),
  bytes: fc.integer({ min: 1, max: 3 * MIB }),
})

test('whatever requests do, the bound holds but for one of them, and nothing is held in the end', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 60 }), async (acts) => {
      const totalBytes = 8 * MIB
      const accounts = createAccounts({
        ...{ totalBytes, patienceMs: Number.POSITIVE_INFINITY },
        ...{ now: () => 0, onRefused: () => assert.fail('patient') },
      })
      const connections = [{}, {}]
      const open = () => accounts.open(connections[opened++ % 2]!, () => new Error('refused'))
      let opened = 0
      let largest = 0
      const requests = Array.from({ length: 10 }, open)
      for (const { request, does, bytes } of acts) {
        const account = requests[request]!
        largest = Math.max(largest, bytes)
        if (does === 'take') Promise.resolve(account.take(bytes)).catch(() => undefined)
        if (does === 'give') account.give(bytes)
        if (does === 'close') {
          account.leave()
          account.close()
          requests[request] = open()
        }
        assert.ok(accounts.figures().bytes <= totalBytes + largest * requests.length)
      }
      for (const account of requests) {
        account.leave()
        account.close()
      }
      assert.deepEqual(accounts.figures(), { bytes: 0, requests: 0, waiting: 0 })
    }),
  )
})

function crowdedAccounts(patienceMs = 5_000) {
  let time = 0
  let refused = 0
  const accounts = createAccounts({
    ...{ totalBytes: 16 * MIB, patienceMs },
    ...{ now: () => time, onRefused: () => void refused++ },
  })
  const open = (name: string) => accounts.open({}, () => new Error(`${name} is refused`))
  return {
    ...{ accounts, open, refused: () => refused },
    later(durationMs: number) {
      time += durationMs
      accounts.look()
    },
  }
}

test('who waits for room gets it when another gives it back, in the order in which they came', async () => {
  const { open } = crowdedAccounts()
  const [first, second, third] = [open('first'), open('second'), open('third')]
  assert.equal(first.take(8 * MIB), 8 * MIB)
  const other = open('other')
  assert.equal(other.take(6 * MIB), 6 * MIB)
  const got: string[] = []
  const waits = [third, second].map(async (account) => {
    await account.take(5 * MIB)
    got.push(account === second ? 'second' : 'third')
  })
  first.give(5 * MIB)
  other.give(6 * MIB)
  await Promise.all(waits)
  assert.deepEqual(got, ['second', 'third'])
})

test('who waits for too long is refused in its own words, who is patient is not, and the gone get nothing', async () => {
  const { open, later, accounts, refused } = crowdedAccounts()
  open('holder').add(16 * MIB)
  const refusal = assert.rejects(Promise.resolve(open('late').take(MIB)), { message: 'late is refused' })
  const patient = open('patient')
  const waits = patient.take(MIB, MIB, 'patient')
  const gone = open('gone')
  const never = assert.rejects(Promise.resolve(gone.take(MIB)), { message: 'The client went away.' })
  gone.leave()
  gone.close()
  await never
  later(4_999)
  assert.equal(refused(), 0)
  later(1)
  await refusal
  assert.equal(refused(), 1)
  assert.equal(accounts.figures().waiting, 1)
  const left = assert.rejects(Promise.resolve(waits))
  patient.leave()
  await left
})

test('half of the room is for one connection', () => {
  assert.equal(connectionBytesOf(128 * MIB), 64 * MIB)
})

test('what one who waits takes on meanwhile is held by those who wait, too', async () => {
  const options = { totalBytes: 16 * 2 ** 20, patienceMs: 1_000, now: () => 0, onRefused: () => undefined }
  const accounts = createAccounts(options)
  const [large, waiting] = [{}, {}].map((connection) => accounts.open(connection, () => new Error('refused')))
  await large!.take(6 * 2 ** 20)
  await waiting!.take(2 ** 20)
  const more = waiting!.take(32 * 2 ** 20)
  waiting!.add(2 ** 20)
  large!.close()
  // Beyond all bounds: nobody else would give anything back.
  assert.equal(await Promise.race([more, new Promise((resolve) => setImmediate(resolve))]), 32 * 2 ** 20)
})
