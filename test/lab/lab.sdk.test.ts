import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fetchSigned } from '../client-access.ts'
import { startProcess, temporaryFolder } from '../process.ts'
import { until } from '../until.ts'
import { DELIVERY_STREAM, DIRECT_PUT, eventOf, eventsOf, type Lab, labAgainst } from './lab-steps.ts'

const OBJECT_KEY = (deliveryStream: string) =>
  new RegExp(
    `^\\d{4}/\\d\\d/\\d\\d/\\d\\d/${deliveryStream}-1-\\d{4}(-\\d\\d){5}-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`,
  )

test('the lab, with the server killed by SIGKILL between any two steps: nothing is lost, nothing comes twice', async (t) => {
  const data = temporaryFolder(t)
  /** Each step has its own server process, which dies without warning behind it. */
  const step = async (act: (lab: Lab, endpoint: string) => Promise<void>) => {
    const server = await startProcess(t, ['--port', '0', '--data', data, '--log-level', 'error'])
    const lab = labAgainst(server.endpoint)
    try {
      await act(lab, server.endpoint)
    } finally {
      lab.close()
      await server.kill()
    }
  }
  const advance = async (endpoint: string, by: string) => {
    const answer = await fetchSigned(`${endpoint}/_standpipe/api/clock/advance`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ by }),
    })
    assert.equal(answer.status, 200, await answer.text())
  }

  await step((lab) => lab.createStream())
  await step((lab) => lab.streamIsActive())
  await step((lab) => lab.produce(0, 10))
  await step(async (lab) => {
    const expected = Array.from({ length: 10 }, (_, id) => eventOf(id))
    assert.deepEqual(await lab.readBack(), expected)
  })
  await step((lab) => lab.createBucket())
  await step((lab) => lab.createRole())
  await step((lab) => lab.createDeliveryStream(DELIVERY_STREAM, 'KinesisStreamAsSource'))
  await step(async (lab) => {
    await lab.deliveryStreamIsActive(DELIVERY_STREAM)
    const destination = await lab.describeDestination(DELIVERY_STREAM)
    const hints = { SizeInMBs: 5, IntervalInSeconds: 300 }
    assert.deepEqual(destination?.ExtendedS3DestinationDescription?.BufferingHints, hints)
  })
  await step((lab) => lab.produce(10, 10))
  await step((_lab, endpoint) => advance(endpoint, '4m'))
  await step(async (lab) => assert.deepEqual(await lab.objects(), []))
  await step((_lab, endpoint) => advance(endpoint, '1m'))
  await step(async (lab) => {
    const [object, ...more] = await lab.objects()
    assert.equal(more.length, 0)
    assert.match(object?.key ?? '', OBJECT_KEY(DELIVERY_STREAM))
    assert.equal(object?.body, eventsOf(10, 10))
  })
  await step((lab) => lab.createDeliveryStream(DIRECT_PUT, 'DirectPut'))
  await step((lab) => lab.deliveryStreamIsActive(DIRECT_PUT))
  await step((lab) => lab.putDirect(20, 10))
  await step((_lab, endpoint) => advance(endpoint, '5m'))
  await step(async (lab) => {
    const objects = (await lab.objects()).filter(({ key }) => key.includes(DIRECT_PUT))
    assert.deepEqual(
      objects.map(({ body }) => body),
      [eventsOf(20, 10, '\n')],
    )
    assert.match(objects[0]?.key ?? '', OBJECT_KEY(DIRECT_PUT))
  })
})

test('five mebibytes are delivered by size, long before the interval', async (t) => {
  const server = await startProcess(t, [
    '--port',
    '0',
    '--ephemeral',
    '--limits',
    'off',
    '--log-level',
    'error',
  ])
  const lab = labAgainst(server.endpoint)
  t.after(() => lab.close())
  await lab.createStream()
  await lab.streamIsActive()
  await lab.createBucket()
  await lab.createRole()
  await lab.createDeliveryStream(DELIVERY_STREAM, 'KinesisStreamAsSource')
  await lab.deliveryStreamIsActive(DELIVERY_STREAM)
  for (let megabyte = 0; megabyte < 5; megabyte++) {
    assert.deepEqual(await lab.objects(), [])
    const { FailedRecordCount } = await lab.produceBytes(4, 256 * 1024)
    assert.equal(FailedRecordCount, 0)
  }
  await until(async () => (await lab.objects()).length > 0)
  const objects = await lab.objects()
  assert.deepEqual(
    objects.map(({ body }) => body.length),
    [5 * 1024 * 1024],
  )
})
