/** What CONTRIBUTING.md says of a new destination, processor and format, done with throw-away ones. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Destination, DestinationError } from '../../src/delivery/destination.ts'
import type { Plan } from '../../src/delivery/job.ts'
import { checkProcessing, processingOf, stepsOf } from '../../src/firehose/processors/processors.ts'
import { createPrograms } from '../../src/firehose/programs/create-programs.ts'
import { createErrand, NAME } from '../fixtures/errands.ts'
import { notebook, pagesOf } from '../fixtures/notebook.ts'
import { numbered } from '../fixtures/numbered.ts'
import { shout } from '../fixtures/shout.ts'

const plan: Plan = {
  destination: 'notebook',
  placeOf: ({ oldestArrival }) => ({ page: `at ${oldestArrival}` }),
  compressionFormat: 'UNCOMPRESSED',
  retryMs: 60_000,
}

test('a destination of another kind is given batches, and what it made is there with the checkpoint', async () => {
  const errand = await createErrand({ plan })
  const delivery = await errand.boot(notebook)
  const { first } = await errand.put('one', 'two')
  assert.deepEqual(await delivery.deliverNow(NAME), [
    { destination: 'notebook', place: { page: 'at 0' }, records: 2, bytes: 6 },
  ])
  assert.deepEqual(await pagesOf(errand.metadata), ['onetwo'])
  const [landed] = await delivery.landed(errand.placeOf(first + 1))
  assert.deepEqual(landed && 'place' in landed && landed.place, { page: 'at 0' })
  const made = await delivery.madeOf('page at 0')
  const outcome = { status: 'delivered', sizeBytes: 6, ink: 'blue' }
  assert.deepEqual([made?.delivered.destination, made?.delivered.outcome], ['notebook', outcome])
  await delivery.close()
})

test('a batch that could not be put goes to the place that it was sealed for, in another life', async () => {
  const errand = await createErrand({ plan })
  const torn: Destination = {
    ...notebook,
    put: () => Promise.reject(new DestinationError({ code: 'Notebook.Torn', message: 'torn' })),
  }
  const first = await errand.boot(torn)
  await errand.put('one')
  await assert.rejects(first.deliverNow(NAME), { code: 'DeliveryFailed' })
  assert.deepEqual(await pagesOf(errand.metadata), [])
  await first.close()
  const [sealed] = await errand.metadata.list<object>({ prefix: 'firehose/manifest/' })
  const { destination, place } = sealed!.value as Record<string, unknown>
  assert.deepEqual({ destination, place }, { destination: 'notebook', place: { page: 'at 0' } })

  await errand.clock.advance(1)
  const second = await errand.boot(notebook)
  await errand.put('two')
  await errand.clock.advance(60_000)
  assert.deepEqual(await pagesOf(errand.metadata), ['one', 'two'])
  await second.close()
})

test('a processor of another kind makes of records what it wants, and sends others to the errors', async () => {
  const rows = [shout]
  const Parameters = [{ ParameterName: 'NumberOfRetries' as const, ParameterValue: '2' }]
  const Processors = [{ Type: 'AppendDelimiterToRecord' as const, Parameters }]
  const configured = { Enabled: true, Processors }
  checkProcessing(configured, false, rows)
  const processing = processingOf({ processing: configured }, rows)
  assert.deepEqual(processing, { shout: 2 })
  const programs = createPrograms()
  const stage = {
    processing,
    stepsOf: (kept: object) => stepsOf(kept, programs, rows),
    isPartitioned: false,
    namesSource: false,
  }
  const errand = await createErrand({ plan, stage })
  const delivery = await errand.boot(notebook)
  await errand.put('one', '', 'two')
  const delivered = await delivery.deliverNow(NAME)
  assert.deepEqual(delivered?.map(({ place, records }) => [place.page, records]).sort(), [
    ['at 0', 4],
    ['errors', 1],
  ])
  const [aloud, silent] = await pagesOf(errand.metadata)
  assert.equal(aloud, 'ONEONETWOTWO')
  assert.equal(JSON.parse(silent!).errorCode, 'Shout.Silence')
  await delivery.close()
  await programs.close()
})

test('a processor that has no row is refused by name', () => {
  const configured = { Enabled: true, Processors: [{ Type: 'Lambda' as const }] }
  assert.throws(() => checkProcessing(configured, false, [shout]), {
    name: 'ServiceException',
    message: 'Standpipe does not support the Lambda processor. See COMPATIBILITY.md.',
  })
})

test('a format of another kind writes objects, and says which bytes of them are whose', async () => {
  const errand = await createErrand({ plan: { ...plan, format: 'numbered' } })
  const delivery = await errand.boot(notebook, { formats: { numbered } })
  const { first } = await errand.put('one', 'three')
  await delivery.deliverNow(NAME)
  const [page] = await pagesOf(errand.metadata)
  assert.equal(page, '1 one\n2 three\n')
  const [landed] = await delivery.landed(errand.placeOf(first + 1))
  assert.ok(landed && 'offset' in landed)
  assert.equal(page?.slice(landed.offset, landed.offset + landed.length), '2 three\n')
  await delivery.close()
})
