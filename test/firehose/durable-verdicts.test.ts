import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EngineError } from '../../src/engine/ports/engine.ts'
import {
  ACCOUNT,
  createActive,
  createLab,
  fromStream,
  type Lab,
  NAME,
  REGION,
  textOf,
} from './firehose-lab.ts'
import { moodyPrograms } from './moody-programs.ts'
import { extraction, line, partitioned } from './partitioned-lab.ts'

/** Where each record is, by its number: the prefix, or what its error record says. */
function placesOf(lab: Lab): [n: number, place: string][] {
  return lab.bucket
    .list()
    .flatMap((object) => {
      const lines = textOf(object).trim().split('\n')
      return lines.map((text): [number, string] => {
        const { n, rawData, errorMessage } = JSON.parse(text)
        if (rawData === undefined) return [n, object.key.split('/').slice(0, 2).join('/')]
        return [JSON.parse(Buffer.from(rawData, 'base64').toString()).n, errorMessage]
      })
    })
    .sort(([one], [other]) => one - other)
}
const isSlow = (document: string) => (document.includes('"slow"') ? ('time' as const) : undefined)
const SLOW = 'The query took longer than 1 s for this record'
const SUSPENDED =
  'The query is suspended since it exceeded 1 s or 64 MiB for three records in a row; UpdateDestination lets it run again'
const TAKES_LONG = {
  code: 'QueryUnfinished',
  where: `delivery stream ${NAME} of account 123456789012`,
}

test('wherever the server dies, a record that took too long once is in the error output alone, also where it is fast later', async () => {
  let lastStep = 0
  for (let died = true; died; lastStep++) {
    const { programs, exceed } = moodyPrograms()
    const lab = await createLab({ programs })
    lab.stream.open('0')
    lab.stream.open('1')
    await createActive(lab, { ...fromStream, ...partitioned() })
    const customers = ['a', 'slow', 'b', 'slow', 'slow', 'slow', 'a', 'slow']
    for (const [n, customer] of customers.entries()) await lab.stream.put(String(n % 2), line(customer, n))
    exceed(isSlow)
    const server = lab.mortal(lastStep)
    const first = await lab.boot(server).catch(() => undefined)
    await lab.clock.advance(61_000)
    died = server.isDead()
    await first?.close()
    exceed(() => undefined)
    const second = await lab.boot()
    await lab.clock.advance(61_000)
    await second.close()
    const numbers = placesOf(lab).map(([n]) => n)
    assert.deepEqual(numbers, [...customers.keys()], `died at step ${lastStep}`)
  }
  assert.ok(lastStep > 60, `only ${lastStep} steps`)
})

test('a query that does not end at a repeat is no verdict: it is asked again until it answers as it did, and that is said', async () => {
  let repeats = 0
  let lastStep = 0
  for (let died = true; died; lastStep++) {
    const { programs, exceed } = moodyPrograms()
    const lab = await createLab({ programs })
    await createActive(lab, partitioned())
    const customers = ['a', 'slow', 'b', 'slow']
    for (const [n, customer] of customers.entries()) await lab.put(line(customer, n))
    const server = lab.mortal(lastStep)
    const first = await lab.boot(server).catch(() => undefined)
    await lab.clock.advance(61_000)
    died = server.isDead()
    await first?.close()
    exceed(isSlow)
    const second = await lab.boot()
    await lab.clock.advance(61_000)
    const problem = lab.problems.list().find(({ code }) => code === 'QueryUnfinished')
    if (problem) {
      repeats++
      assert.equal(problem.where, TAKES_LONG.where)
      exceed(() => undefined)
      await lab.clock.advance(400_000)
      assert.deepEqual(lab.problems.list(), [])
    }
    await lab.clock.advance(61_000)
    await second.close()
    const numbers = placesOf(lab).map(([n]) => n)
    assert.deepEqual(numbers, [...customers.keys()], `died at step ${lastStep}`)
  }
  assert.ok(repeats > 5, `only ${repeats} repeats`)
})

test('after three records in a row the query is suspended, over a restart too, until UpdateDestination', async () => {
  const { programs, exceed } = moodyPrograms()
  const lab = await createLab({ programs })
  exceed(isSlow)
  await createActive(lab, partitioned())
  let server = await lab.boot()
  const status = () => server.status(ACCOUNT, REGION, NAME)
  for (const [n, customer] of ['slow', 'slow', 'a', 'slow', 'slow'].entries())
    await lab.put(line(customer, n))
  await lab.clock.advance(1000)
  assert.deepEqual(lab.problems.list(), [])
  await server.close()
  server = await lab.boot()
  for (const [n, customer] of ['slow', 'a', 'b'].entries()) await lab.put(line(customer, 5 + n))
  await lab.clock.advance(1000)
  const [problem] = lab.problems.list()
  assert.equal(problem?.code, 'QuerySuspended')
  assert.equal(problem.where, `delivery stream ${NAME} of account 123456789012`)
  const since = (await status()).querySuspendedAt
  assert.equal(since, lab.clock.now() - 1000)

  await server.close()
  lab.problems.solved(problem.code, problem.where)
  exceed(() => undefined)
  server = await lab.boot()
  await lab.put(line('c', 8))
  await lab.clock.advance(1000)
  assert.equal(lab.problems.list()[0]?.code, 'QuerySuspended')
  assert.equal((await status()).querySuspendedAt, since)

  await lab.call('UpdateDestination', {
    DeliveryStreamName: NAME,
    CurrentDeliveryStreamVersionId: '1',
    DestinationId: 'destinationId-000000000001',
    ExtendedS3DestinationUpdate: {
      ProcessingConfiguration: { Enabled: true, Processors: [extraction('{customer: .customer}')] },
    },
  })
  await lab.put(line('d', 9))
  await lab.clock.advance(61_000)
  assert.deepEqual(lab.problems.list(), [])
  assert.equal((await status()).querySuspendedAt, undefined)
  await server.close()
  assert.deepEqual(placesOf(lab), [
    [0, SLOW],
    [1, SLOW],
    [2, 'by/a'],
    [3, SLOW],
    [4, SLOW],
    [5, SLOW],
    [6, SUSPENDED],
    [7, SUSPENDED],
    [8, SUSPENDED],
    [9, 'by/d'],
  ])
  assert.deepEqual(lab.errors, [])
})

test('what is said of a suspended query ends with its delivery stream', async () => {
  const { programs, exceed } = moodyPrograms()
  const lab = await createLab({ programs })
  exceed(isSlow)
  await createActive(lab, partitioned())
  const server = await lab.boot()
  for (const n of [0, 1, 2]) await lab.put(line('slow', n))
  await lab.clock.advance(1000)
  assert.equal(lab.problems.list().length, 1)
  await lab.call('DeleteDeliveryStream', { DeliveryStreamName: NAME })
  await lab.clock.advance(10_000)
  assert.deepEqual(lab.problems.list(), [])
  await server.close()
})

/** As a former version left it: begun before it was processed, so that nothing is known of its records. */
async function makeFormer({ engine: { metadata } }: Lab): Promise<boolean> {
  const documents = await metadata.list<{ batch?: { to: unknown; processing: unknown } }>({
    prefix: 'firehose/checkpoint/',
  })
  const stage = documents.find(({ key }) => key.endsWith('/stage'))
  if (!stage?.value.batch) return false
  const { to, processing } = stage.value.batch
  await metadata.commit([{ put: stage.key, value: { ...stage.value, batch: { to, processing } } }])
  return true
}

test('a batch that a former version began is finished rightly, wherever it died', async () => {
  let formers = 0
  let lastStep = 0
  for (let died = true; died; lastStep++) {
    const { programs } = moodyPrograms()
    const lab = await createLab({ programs })
    await createActive(lab, partitioned())
    const customers = ['a', 'b', 'a', 'c']
    for (const [n, customer] of customers.entries()) await lab.put(line(customer, n))
    const server = lab.mortal(lastStep)
    const first = await lab.boot(server).catch(() => undefined)
    await lab.clock.advance(61_000)
    died = server.isDead()
    await first?.close()
    if (await makeFormer(lab)) formers++
    const second = await lab.boot()
    await lab.clock.advance(61_000)
    await second.close()
    assert.deepEqual(
      placesOf(lab),
      customers.map((customer, n) => [n, `by/${customer}`]),
      `died at step ${lastStep}`,
    )
  }
  assert.ok(formers > 5, `only ${formers} batches`)
})

test('a record at which a former version hung goes to the error output, wherever the server dies meanwhile', async () => {
  let formers = 0
  let lastStep = 0
  for (let died = true; died; lastStep++) {
    const { programs, exceed } = moodyPrograms()
    const lab = await createLab({ programs })
    await createActive(lab, partitioned())
    const customers = ['a', 'slow', 'b']
    for (const [n, customer] of customers.entries()) await lab.put(line(customer, n))
    // It begins its batch and emits nothing.
    const append = () => Promise.reject(new EngineError('Closed', 'killed before'))
    const hung = await lab.boot({ engine: { ...lab.engine, logs: { ...lab.engine.logs, append } } })
    await lab.clock.advance(1000)
    await hung.close()
    if (await makeFormer(lab)) formers++
    exceed(isSlow)
    const server = lab.mortal(lastStep)
    const first = await lab.boot(server).catch(() => undefined)
    await lab.clock.advance(61_000)
    died = server.isDead()
    await first?.close()
    exceed(() => undefined)
    const second = await lab.boot()
    await lab.clock.advance(61_000)
    await second.close()
    assert.deepEqual(
      placesOf(lab).map(([n]) => n),
      [...customers.keys()],
      `died at step ${lastStep}`,
    )
  }
  assert.equal(formers, lastStep)
})
