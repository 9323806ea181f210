import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Deliveries } from '../../src/insight/deliveries.ts'
import {
  ACCOUNT,
  createActive,
  createLab,
  destination,
  fromStream,
  type Lab,
  NAME,
  REGION,
  rest,
  textOf,
} from './firehose-lab.ts'

/** Runs a server that dies at `lastStep` of its calls; resolves with whether it did. */
async function live(lab: Lab, lastStep: number, life: () => Promise<void>): Promise<boolean> {
  const server = lab.mortal(lastStep)
  let delivery: Deliveries | undefined
  try {
    delivery = await lab.boot(server)
  } catch (error) {
    assert.ok(server.isDead(), String(error))
  }
  await life()
  await delivery?.close()
  return server.isDead()
}

/** What all objects hold together, record by record. */
const recordsIn = (lab: Lab) =>
  lab.bucket
    .list()
    .flatMap((object) => textOf(object).split('\n').slice(0, -1))
    .sort()

test('wherever the server dies around a delivery, each record ends in exactly one object', async () => {
  let lastStep = 0
  for (let died = true; died; lastStep++) {
    const lab = await createLab()
    await createActive(lab, destination({ CompressionFormat: 'GZIP' }))
    for (const text of ['1\n', '2\n', '3\n']) await lab.put(text)
    died = await live(lab, lastStep, async () => void (await lab.clock.advance(300_000)))
    await lab.put('4\n')
    const again = await lab.boot()
    await lab.clock.advance(600_000)
    assert.deepEqual(recordsIn(lab), ['1', '2', '3', '4'], `died at step ${lastStep}`)
    assert.equal((await again.status(ACCOUNT, REGION, NAME)).sealed, undefined)
    await again.close()
  }
  assert.ok(lastStep > 20, `only ${lastStep} steps`)
})

test('wherever the server dies while it deletes a delivery stream, the next start finishes it', async () => {
  for (let died = true, lastStep = 0; died; lastStep++) {
    const lab = await createLab()
    await createActive(lab)
    await lab.put('1\n')
    died = await live(lab, lastStep, async () => {
      await lab.call('DeleteDeliveryStream', { DeliveryStreamName: NAME })
      await lab.clock.advance(1000)
    })
    await (await lab.boot()).close()
    assert.deepEqual(await lab.engine.metadata.list({ prefix: 'firehose/' }), [], `died at ${lastStep}`)
  }
})

test('a delivery that came due while the server was down happens at its start', async () => {
  const lab = await createLab()
  const delivery = await lab.boot()
  await createActive(lab)
  await lab.put('1\n')
  await lab.clock.advance(1000)
  await delivery.close()
  await lab.clock.advance(900_000)
  assert.deepEqual(lab.bucket.list(), [])
  await lab.boot()
  await rest()
  assert.deepEqual(recordsIn(lab), ['1'])
})

test('two servers at work on one delivery stream never deliver a record twice', async () => {
  const lab = await createLab()
  await lab.boot()
  await lab.boot()
  await createActive(lab, destination({ BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 } }))
  const expected: string[] = []
  for (let id = 0; id < 40; id++) {
    expected.push(String(id).padStart(100_000, '0'))
    await lab.put(`${expected.at(-1)}\n`)
    if (id % 3 === 0) await lab.clock.advance(7000)
  }
  await lab.clock.advance(120_000)
  assert.deepEqual(recordsIn(lab), expected)
  assert.deepEqual(lab.errors, [])
})

const act = fc.oneof(
  fc.record({ put: fc.integer({ min: 1, max: 400_000 }) }),
  fc.record({ advanceMs: fc.integer({ min: 1, max: 90_000 }) }),
  fc.record({ split: fc.boolean() }),
  fc.record({ bootToDieAt: fc.integer({ min: 0, max: 120 }) }),
  fc.record({ refuse: fc.integer({ min: 1, max: 3 }) }),
)

test('with random puts, splits, failures and deaths, every record is in exactly one object, in order', async () => {
  const property = fc.asyncProperty(
    fc.boolean(),
    fc.constantFrom('GZIP', 'UNCOMPRESSED'),
    fc.array(act, { maxLength: 30 }),
    async (isDirectPut, CompressionFormat, acts) => {
      const lab = await createLab()
      lab.stream.open('00')
      const settings = destination({
        CompressionFormat,
        BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 },
      })
      await createActive(lab, { ...(isDirectPut ? {} : fromStream), ...settings })
      const put = (text: string) => (isDirectPut ? lab.put(text) : lab.stream.put(shard, text))
      let shard = '00'
      let server: Deliveries | undefined
      const expected: string[] = []
      for (const next of acts)
        if ('put' in next) {
          expected.push(String(expected.length).padStart(6, '0'))
          await put(`${expected.at(-1)}${' '.repeat(next.put)}\n`)
        } else if ('advanceMs' in next) {
          await lab.clock.advance(next.advanceMs)
        } else if ('refuse' in next) {
          lab.bucket.refuse(next.refuse)
        } else if ('split' in next) {
          const parent = shard
          shard = String(Number(parent) + 1).padStart(2, '0')
          lab.stream.open(shard, parent)
          await lab.stream.close(parent)
        } else {
          await server?.close()
          const over = lab.mortal(next.bootToDieAt)
          server = await lab.boot(over).catch(() => undefined)
        }
      await server?.close()
      await lab.boot()
      lab.bucket.refuse(0)
      await lab.clock.advance(600_000)
      const found = lab.bucket.list().flatMap((object) => textOf(object).split('\n').slice(0, -1))
      assert.deepEqual(
        found.map((text) => text.trim()),
        expected,
      )
    },
  )
  await fc.assert(property, { numRuns: 60 })
})
