import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DestinationError } from '../../src/delivery/destination.ts'
import { EngineError } from '../../src/engine/ports/engine.ts'
import {
  ACCOUNT,
  createActive,
  createLab,
  destination,
  NAME,
  REGION,
  type StoredObject,
  textOf,
} from './firehose-lab.ts'
import { line, partitioned } from './partitioned-lab.ts'

const DAY_MS = 24 * 3_600_000
const settings = destination({
  Prefix: 'data/',
  ErrorOutputPrefix: 'errors/!{firehose:error-output-type}/',
})

test('a failing destination is tried until it succeeds, less and less often, and in order', async () => {
  const lab = await createLab()
  const delivery = await lab.boot()
  await createActive(lab, settings)
  await lab.put('one ')
  lab.bucket.refuse(Number.POSITIVE_INFINITY)
  await lab.clock.advance(300_000)
  await lab.put('two ')
  for (let moved = 0; moved < DAY_MS; moved += 600_000) await lab.clock.advance(600_000)
  const { failures, lastError } = await delivery.status(ACCOUNT, REGION, NAME)
  assert.ok(failures > 288 && failures < 320, `${failures} attempts in a day of short moves`)
  await lab.clock.advance(29 * DAY_MS)
  const later = await delivery.status(ACCOUNT, REGION, NAME)
  assert.ok(later.failures > failures, 'a long move is tried in, too')
  assert.equal(lastError?.code, 'S3.NoSuchBucket')
  assert.deepEqual(lab.reports[0], {
    deliveryStreamARN: `arn:aws:firehose:${REGION}:${ACCOUNT}:deliverystream/${NAME}`,
    destination: 'arn:aws:s3:::bucket',
    deliveryStreamVersionId: 1,
    message: 'The specified bucket does not exist',
    errorCode: 'S3.NoSuchBucket',
  })
  lab.bucket.refuse(0)
  await lab.clock.advance(600_000)
  assert.deepEqual(lab.bucket.list().map(textOf), ['one ', 'two '])
})

test('after the time of RetryOptions the records go below the error prefix, each with what went wrong', async () => {
  const lab = await createLab()
  const delivery = await lab.boot()
  await createActive(lab, partitioned())
  const arrivalTimestamp = lab.clock.now()
  const recordId = await lab.put(line('a', 1))
  await lab.put(line('a', 2))
  lab.bucket.refuse((key) => key.startsWith('by/'))
  await lab.clock.advance(60_000 + 300_000 + 600_000)
  const [object, ...others] = lab.bucket.list()
  assert.deepEqual(others, [])
  assert.match(object!.key, /^errors\/processing-failed\/to-s3-1-[-0-9a-f]+$/)
  const lines = linesOf(object!)
  assert.deepEqual(Object.keys(lines[0]!), [
    'rawData',
    'errorCode',
    'errorMessage',
    'attemptsMade',
    'arrivalTimestamp',
    'attemptEndingTimestamp',
  ])
  assert.deepEqual(lines.map(dataOf), [line('a', 1), line('a', 2)])
  assert.equal(lines[0]!.errorCode, 'S3.NoSuchBucket')
  assert.equal(lines[0]!.arrivalTimestamp, arrivalTimestamp)
  assert.ok(Number(lines[0]!.attemptsMade) > 5)
  const [landed] = await delivery.landed({ recordId })
  assert.partialDeepStrictEqual(landed, { state: 'failed', key: object!.key, offset: 0 })
})

test('when the error prefix fails too nothing is lost: it is tried there until that succeeds', async () => {
  const lab = await createLab()
  const delivery = await lab.boot()
  await createActive(lab, partitioned())
  const recordId = await lab.put(line('a', 1))
  lab.bucket.refuse(Number.POSITIVE_INFINITY)
  await lab.clock.advance(30 * DAY_MS)
  assert.partialDeepStrictEqual(await delivery.landed({ recordId }), [{ state: 'delivering' }])
  lab.bucket.refuse(0)
  await lab.put(line('a', 2))
  await lab.clock.advance(600_000)
  const [errors, object, ...others] = lab.bucket.list()
  assert.deepEqual(
    [linesOf(errors!).map(dataOf), textOf(object!), others],
    [[line('a', 1)], line('a', 2), []],
  )
  assert.equal((await delivery.status(ACCOUNT, REGION, NAME)).gone, undefined)
})

test('what is tried in the error prefix goes where an update of the destination says', async () => {
  const lab = await createLab()
  await lab.boot()
  await createActive(lab, partitioned())
  await lab.put(line('a', 1))
  lab.bucket.refuse((key) => !key.startsWith('elsewhere/'))
  await lab.clock.advance(DAY_MS)
  await lab.call('UpdateDestination', {
    DeliveryStreamName: NAME,
    CurrentDeliveryStreamVersionId: '1',
    DestinationId: 'destinationId-000000000001',
    ExtendedS3DestinationUpdate: { ErrorOutputPrefix: 'elsewhere/!{firehose:error-output-type}/' },
  })
  await lab.clock.advance(2 * DAY_MS)
  const [object, ...others] = lab.bucket.list()
  assert.deepEqual([object && linesOf(object).map(dataOf), others], [[line('a', 1)], []])
})

type ErrorLine = Readonly<Record<string, unknown>> & { readonly rawData: string }

const linesOf = (object: StoredObject) =>
  textOf(object)
    .trim()
    .split('\n')
    .map((text): ErrorLine => JSON.parse(text))
const dataOf = ({ rawData }: ErrorLine) => Buffer.from(rawData, 'base64').toString()

test('one delivery stream that hangs does not hold up another', async () => {
  const lab = await createLab()
  const { promise: never } = Promise.withResolvers<never>()
  const delivery = await lab.boot({
    destination: {
      put: (object, signal) => {
        if (!object.key.startsWith('hangs/')) return lab.bucket.port.put(object, signal)
        const aborted = new Promise<never>((_, reject) =>
          signal.addEventListener('abort', () =>
            reject(new DestinationError({ code: 'InternalError', message: 'aborted' })),
          ),
        )
        return Promise.race([never, aborted])
      },
    },
  })
  await createActive(lab, destination({ Prefix: 'hangs/' }))
  await lab.call('CreateDeliveryStream', { DeliveryStreamName: 'other', ...destination() })
  await lab.put('hangs')
  const hanging = delivery.deliverNow(ACCOUNT, REGION, NAME)
  hanging.catch(() => undefined)
  await new Promise(setImmediate)
  const input = { DeliveryStreamName: 'other', Record: { Data: Buffer.from('other') } }
  await lab.call('PutRecord', input).catch(() => undefined)
  const { objects } = await delivery.deliverNow(ACCOUNT, REGION, 'other')
  assert.ok(objects.length <= 1)
  await delivery.close()
  await assert.rejects(hanging, { code: 'DeliveryFailed' })
})

test('a full disk is said to producers, for one record and for a batch, and nothing is dropped', async () => {
  const lab = await createLab()
  await lab.boot()
  await createActive(lab)
  await lab.put('before')
  lab.failAppends(new EngineError('StorageFull', 'no space left'))
  await assert.rejects(lab.put('refused'), { code: 'ServiceUnavailableException', status: 503 })
  await assert.rejects(
    lab.call('PutRecordBatch', { DeliveryStreamName: NAME, Records: [{ Data: Buffer.from('x') }] }),
    { code: 'ServiceUnavailableException', headers: { 'retry-after': '5' } },
  )
  lab.failAppends(undefined)
  await lab.put(' after')
  await lab.clock.advance(300_000)
  assert.deepEqual(lab.bucket.list().map(textOf), ['before after'])
})
