import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Deliveries } from '../../src/insight/deliveries.ts'
import { createActive, createLab, fromStream, NAME, textOf } from './firehose-lab.ts'
import { extraction, line, partitioned } from './partitioned-lab.ts'

test('wherever the server dies between stage and objects, each record ends in exactly one object', async () => {
  let lastStep = 0
  for (let died = true; died; lastStep++) {
    const lab = await createLab()
    await createActive(lab, partitioned())
    const texts = ['a', 'b', 'a', 'c'].map((customer, n) => line(customer, n))
    for (const text of texts) await lab.put(text)
    const server = lab.mortal(lastStep)
    const first = await lab.boot(server).catch(() => undefined)
    await lab.clock.advance(61_000)
    died = server.isDead()
    await first?.close()
    const second = await lab.boot()
    await lab.clock.advance(61_000)
    await second.close()
    const found = lab.bucket.list().flatMap((object) => textOf(object).trim().split('\n'))
    assert.deepEqual(found.sort(), texts.map((text) => text.trim()).sort(), `died at step ${lastStep}`)
  }
  assert.ok(lastStep > 60, `only ${lastStep} steps`)
})

const act = fc.oneof(
  { weight: 4, arbitrary: fc.record({ customer: fc.constantFrom('a', 'b', 'c', null) }) },
  fc.record({ advanceMs: fc.integer({ min: 1, max: 90_000 }) }),
  fc.record({ dieAt: fc.integer({ min: 0, max: 150 }) }),
  fc.record({ refuse: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ change: fc.constantFrom('customer', 'other') }),
)

test('with random puts, failures, updates and deaths, every record is in exactly one object', async () => {
  const property = fc.asyncProperty(
    fc.boolean(),
    fc.array(act, { maxLength: 30 }),
    async (isDirectPut, acts) => {
      const lab = await createLab()
      lab.stream.open('0')
      await createActive(lab, { ...(isDirectPut ? {} : fromStream), ...partitioned() })
      let server: Deliveries | undefined
      let [count, version] = [0, 1]
      for (const next of acts)
        if ('customer' in next) {
          const text = `${JSON.stringify({ customer: next.customer, other: 'z', n: count++ })}\n`
          await (isDirectPut ? lab.put(text) : lab.stream.put('0', text))
        } else if ('advanceMs' in next) await lab.clock.advance(next.advanceMs)
        else if ('refuse' in next) lab.bucket.refuse(next.refuse)
        else if ('change' in next)
          await lab.call('UpdateDestination', {
            DeliveryStreamName: NAME,
            CurrentDeliveryStreamVersionId: String(version++),
            DestinationId: 'destinationId-000000000001',
            ExtendedS3DestinationUpdate: {
              ProcessingConfiguration: {
                Enabled: true,
                Processors: [extraction(`{customer: .${next.change}}`)],
              },
            },
          })
        else {
          await server?.close()
          server = await lab.boot(lab.mortal(next.dieAt)).catch(() => undefined)
        }
      await server?.close()
      lab.bucket.refuse(0)
      await lab.boot()
      await lab.clock.advance(600_000)
      const found = lab.bucket
        .list()
        .flatMap(({ key, body }) =>
          body
            .toString()
            .split('\n')
            .slice(0, -1)
            .map((text) =>
              key.startsWith('errors/') ? Buffer.from(JSON.parse(text).rawData, 'base64') : text,
            ),
        )
        .map((text) => JSON.parse(String(text)).n)
      assert.deepEqual(
        found.sort((one, other) => one - other),
        Array.from({ length: count }, (_, n) => n),
      )
    },
  )
  await fc.assert(property, { numRuns: 40 })
})
