/** What CONTRIBUTING.md says of a new destination in Firehose's API, done with a throw-away one: its folder, and one line. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DESTINATIONS, type DestinationTable } from '../../src/firehose/destinations/destination-table.ts'
import { noMeters } from '../../src/metrics/meters.ts'
import { pagesOf } from '../fixtures/notebook.ts'
import { notebookRow } from '../fixtures/notebook-row.ts'
import { ACCOUNT, createActive, createLab, destination, NAME, REGION, START } from './firehose-lab.ts'

const destinations: DestinationTable = [...DESTINATIONS, notebookRow]
const name = { DeliveryStreamName: NAME }
const notebookNamed = (Title: string) => ({ NotebookDestinationConfiguration: { Title } })
const update = (CurrentDeliveryStreamVersionId: string, given: object) => ({
  ...{ ...name, CurrentDeliveryStreamVersionId, DestinationId: 'destinationId-000000000001' },
  ...given,
})

interface Described {
  readonly DeliveryStreamDescription: { readonly Destinations: readonly object[] }
}

test('a destination of another kind is created, described, updated and delivered to', async () => {
  const counted: string[] = []
  const meters = { ...noMeters, count: (_: string, metric: string) => void counted.push(metric) }
  const lab = await createLab({ destinations, meters })
  await createActive(lab, notebookNamed('log'))
  const described = async () =>
    (await lab.call<Described>('DescribeDeliveryStream', name)).DeliveryStreamDescription.Destinations
  const DestinationId = 'destinationId-000000000001'
  const before = { Title: 'log', IntervalInSeconds: 60 }
  assert.deepEqual(await described(), [{ DestinationId, NotebookDestinationDescription: before }])

  const delivery = await lab.boot()
  const recordId = await lab.put('one')
  assert.equal((await delivery.landed({ recordId }))[0]?.state, 'buffered')
  await lab.clock.advance(60_000)
  assert.deepEqual(await pagesOf(lab.engine.metadata), ['one'])
  const page = `log 1 objects ${START + 1000}`
  const [landed] = await delivery.landed({ recordId })
  assert.ok(landed && 'bucket' in landed)
  assert.deepEqual([landed.bucket, landed.key], ['notebook', page])
  const { lastDeliveries } = await delivery.status(ACCOUNT, REGION, NAME)
  assert.deepEqual(
    lastDeliveries.map(({ bucket, key }) => [bucket, key]),
    [['notebook', page]],
  )
  assert.ok(counted.includes('DeliveryToNotebook.Success'))
  assert.ok(!counted.some((metric) => /S3|ObjectCount/.test(metric)))

  await lab.call(
    'UpdateDestination',
    update('1', { NotebookDestinationUpdate: { Title: 'book', IntervalInSeconds: 5 } }),
  )
  const after = { Title: 'book', IntervalInSeconds: 5 }
  assert.deepEqual(await described(), [{ DestinationId, NotebookDestinationDescription: after }])
  await lab.put('two')
  const delivered = await delivery.deliverNow(ACCOUNT, REGION, NAME)
  const key = `book 2 objects ${lab.clock.now()}`
  assert.deepEqual(delivered.objects, [{ bucket: 'notebook', key, records: 1, bytes: 3 }])
  assert.deepEqual(lab.bucket.list(), [])
  assert.deepEqual(lab.errors, [])
  await delivery.close()
})

test('its shapes are checked, its settings refused in its own words, and no other destination becomes it', async () => {
  const lab = await createLab({ destinations })
  await assert.rejects(lab.call('CreateDeliveryStream', { ...name, ...notebookNamed('') }), {
    code: 'ValidationException',
    message:
      "1 validation error detected: Value at 'notebookDestinationConfiguration.title' failed to satisfy constraint: Member must have length greater than or equal to 1",
  })
  const diary = 'A diary is nobody else’s to write into.'
  await assert.rejects(lab.call('CreateDeliveryStream', { ...name, ...notebookNamed('diary') }), {
    code: 'InvalidArgumentException',
    message: diary,
  })
  await assert.rejects(
    lab.call('CreateDeliveryStream', { ...name, ...notebookNamed('log'), ...destination() }),
    {
      code: 'InvalidArgumentException',
      message: 'Exactly one destination configuration is supported for a Firehose',
    },
  )
  const changing = (kind: string) => ({
    code: 'InvalidArgumentException',
    message: `Changing the destination type to or from ${kind} is not supported at this time.`,
  })
  await createActive(lab, notebookNamed('log'))
  const change = (given: object) => lab.call('UpdateDestination', update('1', given))
  await assert.rejects(change({ S3DestinationUpdate: { Prefix: 'x/' } }), changing('S3'))
  await assert.rejects(change({ SplunkDestinationUpdate: {} }), changing('Splunk'))
  await assert.rejects(change({ NotebookDestinationUpdate: { Title: 'diary' } }), { message: diary })
  const other = await createLab({ destinations })
  await createActive(other)
  await assert.rejects(
    other.call('UpdateDestination', update('1', { NotebookDestinationUpdate: {} })),
    changing('Notebook'),
  )
})

test('what fails on its way there is reported by the name of its place', async () => {
  const torn = {
    ...notebookRow,
    open: () => ({ ...notebookRow.open({ objects: lab.bucket.port }), put: fail }),
  }
  const fail = () => Promise.reject(new Error('torn'))
  const lab = await createLab({ destinations: [torn] })
  await createActive(lab, notebookNamed('log'))
  const delivery = await lab.boot()
  await lab.put('one')
  await assert.rejects(delivery.deliverNow(ACCOUNT, REGION, NAME), { code: 'DeliveryFailed' })
  assert.equal(lab.reports[0]?.destination, `arn:notebook:log 1 objects ${START + 1000}`)
  await delivery.close()
})

test('S3 is kept without a type, as it was before there was any other destination', async () => {
  const lab = await createLab({ destinations })
  await createActive(lab)
  const [kept] = await lab.engine.metadata.list<{ readonly destination: object }>({
    prefix: 'firehose/stream/',
  })
  assert.ok(kept && !('type' in kept.value.destination))
})
