import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Kinesis } from '@aws-sdk/client-kinesis'
import { clientOf, startServer } from '../server.ts'
import { callMain } from './call-main.ts'

test('the lab does every step, tells what it would have cost, and leaves nothing behind', async (t) => {
  const { port } = await startServer(t)
  const { code, out, err } = await callMain(['lab', '--json', '--port', String(port)])
  assert.equal(code, 0, err.join('\n'))
  const steps = out.map((line) => JSON.parse(line))
  assert.deepEqual(
    steps.map(({ step }) => step),
    Array.from(steps, (_, index) => index + 1),
  )
  const named = (name: string) => steps.find((step) => step.name === name)
  assert.equal(named('read them back').records, 10)
  assert.match(named('let 300 s pass').key, /ml-firehose-delivery-stream-1-/)
  assert.match(named('put 10 lines, let 300 s pass').key, /StreamToS3-1-/)
  assert.equal(named('put 5 MiB').bytes, 5 * 1024 * 1024)
  const { cost } = named('what it would have cost')
  assert.equal(cost.total.toFixed(3), '0.015')
  const status = await callMain(['status', '--json', '--port', String(port)])
  const { streams, deliveryStreams } = JSON.parse(status.out[0] ?? '')
  assert.deepEqual([streams, deliveryStreams], [[], []])
})

test('where time cannot be moved the lab delivers instead', async (t) => {
  const { port } = await startServer(t, { clock: 'real', timeTravel: false })
  const { code, out, err } = await callMain(['lab', '--port', String(port)])
  assert.equal(code, 0, err.join('\n'))
  assert.match(out.join('\n'), /Time travel is off here, so delivered at once/)
})

test('the lab touches nothing that it did not make', async (t) => {
  const { port, clientConfig } = await startServer(t)
  const kinesis = clientOf(t, new Kinesis(clientConfig))
  await kinesis.createStream({ StreamName: 'ml-streaming-input', ShardCount: 1 })
  const { code, err } = await callMain(['lab', '--port', String(port)])
  assert.equal(code, 1)
  assert.match(err.join(), /there is stream ml-streaming-input already/)
  assert.deepEqual((await kinesis.listStreams({})).StreamNames, ['ml-streaming-input'])
})
