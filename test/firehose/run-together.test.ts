import assert from 'node:assert/strict'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import {
  CreateDeliveryStreamCommand,
  type ExtendedS3DestinationConfiguration,
  FirehoseClient,
  PutRecordBatchCommand,
  UpdateDestinationCommand,
} from '@aws-sdk/client-firehose'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { createRunTogether } from '../../src/delivery/line/run-together.ts'
import { type StartOptions, start } from '../../src/start.ts'
import { callMain } from '../cli/call-main.ts'
import { temporaryFolder } from '../process.ts'
import { clientOf } from '../server.ts'

const DeliveryStreamName = 'clicks'
const Bucket = 'landing-zone'
const ROLE = 'arn:aws:iam::000000000000:role/firehose'
const DELIMITER = { Type: 'AppendDelimiterToRecord' } as const
const NEWLINE = { Enabled: true, Processors: [DELIMITER] }

/** A server, on a folder where one is given, and what its users do and see. */
async function open(t: TestContext, options: StartOptions = { ephemeral: true }) {
  const server = await start({ port: 0, clock: 'manual', ...options })
  t.after(() => server.close())
  const { clientConfig, endpoint } = server
  const firehose = clientOf(t, new FirehoseClient(clientConfig))
  const port = new URL(endpoint).port
  const said = async (...args: string[]) => (await callMain([...args, '--port', port])).out.join('\n')
  return {
    server,
    firehose,
    async create(settings: Partial<ExtendedS3DestinationConfiguration> = {}) {
      await clientOf(t, new S3Client(clientConfig)).send(new CreateBucketCommand({ Bucket }))
      await firehose.send(
        new CreateDeliveryStreamCommand({
          DeliveryStreamName,
          ExtendedS3DestinationConfiguration: {
            RoleARN: ROLE,
            BucketARN: `arn:aws:s3:::${Bucket}`,
            ...settings,
          },
        }),
      )
    },
    async deliver(...records: (string | Uint8Array)[]) {
      const Records = records.map((data) => ({ Data: Buffer.from(data) }))
      await firehose.send(new PutRecordBatchCommand({ DeliveryStreamName, Records }))
      await server.clock.advance('5m')
    },
    /** Whether `status`, of all and of this one, and our API say it: all alike. */
    async isSaid(...alsoBy: 'doctor'[]): Promise<boolean> {
      const pattern = /do not end in a newline/
      const gauge = await fetch(`${endpoint}/_standpipe/api/delivery-streams/${DeliveryStreamName}`)
      const { areRecordsRunTogether = false } = (await gauge.json()) as { areRecordsRunTogether?: boolean }
      const texts = [await said('status'), await said('status', DeliveryStreamName)]
      for (const command of alsoBy) texts.push(await said(command))
      assert.deepEqual(
        texts.map((text) => text.split(pattern).length - 1),
        texts.map(() => (areRecordsRunTogether ? 1 : 0)),
        texts.join('\n'),
      )
      const health = (await (await fetch(`${endpoint}/_standpipe/health`)).json()) as { status: string }
      assert.equal(health.status, 'ok', 'a hint is no problem')
      return areRecordsRunTogether
    },
    said,
  }
}

test('that records run together is said once, with what to paste, until a delimiter is set', async (t) => {
  const { create, deliver, isSaid, said, firehose } = await open(t)
  await create()
  assert.equal(await isSaid('doctor'), false)
  await deliver('{"n":1}', '{"n":2}', '{"n":3}')
  assert.equal(await isSaid('doctor'), true)
  await deliver('{"n":4}')
  assert.equal(await isSaid('doctor'), true, 'one record alone tells nothing')
  const text = await said('status', DeliveryStreamName)
  const snippet = text.slice(text.indexOf('{"Type"')).split('\n')[0]!
  await firehose.send(
    new UpdateDestinationCommand({
      DeliveryStreamName,
      CurrentDeliveryStreamVersionId: '1',
      DestinationId: 'destinationId-000000000001',
      ExtendedS3DestinationUpdate: {
        ProcessingConfiguration: { Enabled: true, Processors: [JSON.parse(snippet)] },
      },
    }),
  )
  assert.equal(await isSaid('doctor'), false)
  await deliver('{"n":5}', '{"n":6}')
  assert.equal(await isSaid('doctor'), false)
})

test('it is over when records end in newlines, and said again when they do not', async (t) => {
  const { create, deliver, isSaid } = await open(t)
  await create()
  await deliver('a,b', 'c,d')
  assert.equal(await isSaid(), true)
  await deliver('a,b\n', 'c,d\r\n')
  assert.equal(await isSaid(), false)
  await deliver('a,b', 'c,d\n')
  assert.equal(await isSaid(), true)
})

test('after a restart it is still said', async (t) => {
  const data = join(temporaryFolder(t), 'data')
  const first = await open(t, { data })
  await first.create()
  await first.deliver('{"n":1}', '{"n":2}')
  await first.server.close()
  const again = await open(t, { data })
  assert.equal(await again.isSaid(), true)
})

test('lines, delimiters, compressed records and lone ones are no reason to say it', async (t) => {
  const { create, deliver, isSaid } = await open(t)
  await create({ CompressionFormat: 'GZIP' })
  await deliver('a,b\n', 'c,d\n', 'e,f')
  assert.equal(await isSaid(), false, 'the last one may end without')
  await deliver(gzipSync('{"n":1}'), gzipSync('{"n":2}'))
  assert.equal(await isSaid(), false)
  await deliver('{"n":1}')
  assert.equal(await isSaid(), false)
  const delimited = await open(t)
  await delimited.create({ ProcessingConfiguration: NEWLINE })
  await delimited.deliver('{"n":1}', '{"n":2}')
  assert.equal(await delimited.isSaid(), false)
})

test('what is counted is each text behind which another record begins on its line', () => {
  const counted = (...records: (string | Uint8Array)[]) => {
    const runTogether = createRunTogether()
    for (const one of records) runTogether.take(Buffer.from(one))
    return runTogether.count()
  }
  assert.deepEqual(
    [
      counted(),
      counted('{}'),
      counted('{}', '{}', '{}'),
      counted('{}\n', '{}', '', '{}\n'),
      counted('{}', ''),
      counted(Buffer.from([0x0a, 3, 0x61]), Buffer.from([0x1f, 0x8b, 0])),
    ],
    [0, 0, 2, 1, 0, 0],
  )
})
