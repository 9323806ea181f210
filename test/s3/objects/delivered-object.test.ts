import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createClock } from '../../../src/clock/clock.ts'
import { systemRandom } from '../../../src/clock/random.ts'
import { createMemoryEngine } from '../../../src/engine/memory/memory-engine.ts'
import { type Engine, isEngineError } from '../../../src/engine/ports/engine.ts'
import { noMeters } from '../../../src/metrics/meters.ts'
import { prepareObject } from '../../../src/s3/delivered-object.ts'
import { openServices } from '../../../src/server/services.ts'
import { callOf } from '../../../src/service/invoke.ts'
import { type Answer, bodyOf, boundS3, CALLER, NOW } from '../bound-s3.ts'

const LARGE = 'standpipe'.repeat(20_000)
const object = (body: string) => ({
  bucket: 'lake',
  key: 'delivered',
  body: bodyOf(body),
  contentType: 'application/octet-stream',
})

test('a prepared object is seen by nobody until its changes are committed, and then whole', async () => {
  const { s3, refused, get, put, metadata } = await boundS3()
  const { changes, sizeBytes } = await prepareObject(s3, object(LARGE))
  assert.equal(sizeBytes, LARGE.length)
  assert.equal((await refused('GetObject', { Bucket: 'lake', Key: 'delivered' })).code, 'NoSuchKey')
  await metadata.commit([...changes, { put: 'checkpoint', value: 1 }])
  assert.equal(await get('delivered'), LARGE)

  const again = await prepareObject(s3, object('other'))
  await put('delivered', 'in between')
  await assert.rejects(metadata.commit(again.changes), (error) => isEngineError(error, 'Conflict'))
  assert.equal(await get('delivered'), 'in between')
})

test('in a bucket with versions what is delivered is one, however often a batch is repeated', async () => {
  const { s3, call, get, put, metadata } = await boundS3()
  const VersioningConfiguration = { Status: 'Enabled' }
  await put('delivered', 'before')
  await call('PutBucketVersioning', { Bucket: 'lake', VersioningConfiguration })
  const versions = async () => (await call('ListObjectVersions', { Bucket: 'lake' })).Versions.length
  // Two who work on one batch, or one who died before the commit: the checkpoint moves once.
  const checkpoint = { put: 'checkpoint', value: 1, expect: 'absent' } as const
  const [one, other] = [await prepareObject(s3, object(LARGE)), await prepareObject(s3, object(LARGE))]
  await metadata.commit([...one.changes, checkpoint])
  await assert.rejects(metadata.commit([...other.changes, checkpoint]), (error) =>
    isEngineError(error, 'Conflict'),
  )
  const again = await prepareObject(s3, object(LARGE))
  await assert.rejects(metadata.commit([...again.changes, checkpoint]), (error) =>
    isEngineError(error, 'Conflict'),
  )
  assert.equal(await versions(), 2)
  assert.equal(await get('delivered'), LARGE)
  assert.equal(await get('delivered', { VersionId: 'null' }), 'before')
})

test('what cannot be put is refused at once and leaves no bytes', async () => {
  const { s3, call, liveBlobs } = await boundS3()
  await call('DeleteBucket', { Bucket: 'lake' })
  await assert.rejects(prepareObject(s3, object(LARGE)), { code: 'NoSuchBucket' })
  assert.equal(liveBlobs.size, 0)
})

/** The same services as a server's, whose engine the test can see. */
async function openedServices(engine: Engine) {
  const clock = createClock({ mode: 'manual', startAt: NOW, onError: assert.ifError })
  const services = await openServices({
    engine,
    clock,
    random: systemRandom,
    meters: noMeters,
    limits: 'off',
    observe: () => undefined,
    stateDelayMs: 0,
  })
  const call = async (service: string, name: string, input: object): Promise<Answer> => {
    const bound = services.bound.find((each) => each.service.id === service)
    const invoked = await bound!.invoke(callOf(bound!.service.operations.get(name)!, input, CALLER))
    return invoked.output as Answer
  }
  return { clock, services, call }
}

test('Firehose delivers in-process: the object is there with the very commit that moves the checkpoint', async (t) => {
  const clock = createClock({ mode: 'manual', startAt: NOW, onError: assert.ifError })
  const engine = createMemoryEngine({ clock })
  const { call, services, clock: moved } = await openedServices(engine)
  t.after(() => services.close())
  await call('S3', 'CreateBucket', { Bucket: 'lake' })
  await call('Firehose', 'CreateDeliveryStream', {
    DeliveryStreamName: 'to-lake',
    ExtendedS3DestinationConfiguration: {
      RoleARN: `arn:aws:iam::${CALLER.account}:role/firehose`,
      BucketARN: 'arn:aws:s3:::lake',
    },
  })
  await call('Firehose', 'PutRecord', {
    DeliveryStreamName: 'to-lake',
    Record: { Data: Buffer.from('hello') },
  })
  await moved.advance(301_000)
  const [object] = await engine.metadata.list({ prefix: 's3/o/lake\0' })
  const [checkpoint] = await engine.metadata.list({ prefix: 'firehose/checkpoint/' })
  assert.ok(object && checkpoint)
  assert.equal(object.revision, checkpoint.revision)
  assert.deepEqual(await engine.metadata.list({ prefix: 'firehose/manifest/' }), [])
})
