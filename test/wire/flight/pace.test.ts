import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:http2'
import { test } from 'node:test'
import { createFlights } from '../../../src/wire/flight/flights.ts'
import { createPace } from '../../../src/wire/flight/pace.ts'
import { letEverybodyIn } from '../let-everybody-in.ts'
import { serve } from '../serve.ts'

const MIB = 2 ** 20
const turn = () => new Promise((resolve) => setImmediate(resolve))

test('sixteen begin in a turn, the others in later ones, in the order in which they came', async () => {
  const pace = createPace()
  const begun: number[] = []
  for (let number = 0; number < 40; number++) {
    const waits = pace.turn()
    if (waits) void waits.then(() => begun.push(number))
    else begun.push(number)
  }
  assert.equal(begun.length, 16)
  const seen: number[] = []
  while (begun.length < 40) {
    await turn()
    seen.push(begun.length)
  }
  assert.deepEqual(
    begun,
    Array.from({ length: 40 }, (_, number) => number),
  )
  assert.ok(seen.some((count) => count > 16 && count <= 32))
})

test('requests of HTTP/2 that are taken back at once cost no answers', async (t) => {
  let answers = 0
  const { endpoint } = await serve(t, async () => {
    answers++
    return { status: 200, headers: {}, body: 'answer' }
  })
  const session = connect(endpoint)
  t.after(() => session.destroy())
  await once(session, 'remoteSettings')
  const streams = Array.from({ length: 400 }, () => session.request({ ':path': '/_standpipe/x' }))
  const closed = streams.map((stream) => {
    stream.on('error', () => undefined).close(8)
    return once(stream, 'close')
  })
  await Promise.all(closed)
  // What comes after them is answered after them.
  const last = session.request({ ':path': '/_standpipe/api/last' })
  const [headers] = await once(last, 'response')
  assert.equal(headers[':status'], 200)
  assert.ok(answers < 50, `${answers} answers`)
})

test('when there is room again, those who waited do not all make their answers before it is known what these hold', async (t) => {
  let answers = 0
  const flights = createFlights({ totalBytes: 16 * MIB })
  const routes = async ({ path }: { path: string }) => {
    if (path === '/_standpipe/health') return { status: 200, headers: {}, body: 'well' }
    answers++
    return { status: 200, headers: {}, body: Buffer.alloc(MIB) }
  }
  const { endpoint } = await serve(t, routes, undefined, undefined, letEverybodyIn, flights)
  const session = connect(endpoint, { settings: { initialWindowSize: 0 } })
  const other = connect(endpoint)
  t.after(() => {
    session.destroy()
    other.destroy()
  })
  await Promise.all([once(session, 'remoteSettings'), once(other, 'remoteSettings')])
  const streams = Array.from({ length: 60 }, () => session.request({ ':path': '/_standpipe/api/x' }))
  for (const stream of streams) stream.on('error', () => undefined)
  while (flights.figures().waiting + answers < 60) await turn()
  // Half of the room is for one connection.
  assert.ok(answers <= 9, `${answers} answers`)
  for (const stream of streams.slice(0, 2)) stream.close(8)
  while (answers <= 9 && flights.figures().bytes > 7 * MIB) await turn()
  for (let count = 0; count < 20; count++)
    await once(other.request({ ':path': '/_standpipe/health' }).resume(), 'close')
  assert.ok(answers > 9 && answers <= 9 + 2 + 16, `${answers} answers`)
  assert.ok(flights.figures().waiting > 30)
})
