import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { createClock } from '../../src/clock/clock.ts'
import { systemRandom } from '../../src/clock/random.ts'
import { createMemoryEngine } from '../../src/engine/memory/memory-engine.ts'
import { type Change, EngineError } from '../../src/engine/ports/engine.ts'
import { MOST_ATTEMPTS, untilCommitted, waitAfter } from '../../src/engine/ports/update.ts'
import { noMeters } from '../../src/metrics/meters.ts'
import { createProblems } from '../../src/metrics/problems.ts'
import { garbagePrefix, objectsPrefix } from '../../src/s3/documents.ts'
import { openServices } from '../../src/server/services.ts'
import { ServiceException } from '../../src/service/exception.ts'
import { callOf } from '../../src/service/invoke.ts'
import { callerOf } from '../caller.ts'

const conflict = () => new EngineError('Conflict', 'somebody was faster')

test('who loses again and again tries a bounded number of times, with waits that grow and differ', async () => {
  let attempts = 0
  const waits: number[] = []
  const lost = untilCommitted(
    async () => {
      attempts++
      throw conflict()
    },
    async (waitMs) => void waits.push(waitMs),
  )
  await assert.rejects(lost, { code: 'Contended', message: /faster 20 times/ })
  assert.equal(attempts, MOST_ATTEMPTS)
  // The first two losses wait for nothing.
  assert.equal(waits.length, MOST_ATTEMPTS - 3)
  assert.equal(new Set(waits).size, waits.length)
  for (const [index, waitMs] of waits.entries()) assert.ok(waitMs <= Math.min(2 ** (index + 3), 1_000))
  assert.deepEqual([waitAfter(1, 1), waitAfter(2, 1), waitAfter(3, 1), waitAfter(19, 0.5)], [0, 0, 8, 500])
})

test('an attempt that fails for another reason is not repeated, and one that wins ends it', async () => {
  await assert.rejects(
    untilCommitted(() => Promise.reject(new Error('a bug'))),
    /a bug/,
  )
  const losses = [conflict(), conflict()]
  assert.equal(
    await untilCommitted(async () => {
      const loss = losses.shift()
      if (loss) throw loss
      return 'won'
    }),
    'won',
  )
})

/** Services on an engine that says Conflict to every commit that touches one of `contended`. */
async function contendedServices(t: TestContext) {
  const clock = createClock({ mode: 'manual', onError: assert.ifError })
  const engine = createMemoryEngine({ clock })
  const contended = new Set<string>()
  const isContended = (change: Change) => {
    const key = 'put' in change ? change.put : 'delete' in change ? change.delete : change.check
    return [...contended].some((part) => key.includes(part))
  }
  const metadata = {
    ...engine.metadata,
    commit: async (changes: readonly Change[]) => {
      if (changes.some(isContended)) throw conflict()
      return engine.metadata.commit(changes)
    },
  }
  const problems = createProblems({ now: clock.now, warn: () => {}, info: () => {} })
  const services = await openServices({
    ...{ engine: { ...engine, metadata }, clock, random: systemRandom, meters: noMeters, problems },
    ...{ limits: 'off', observe: () => undefined, stateDelayMs: 0 },
  })
  t.after(() => services.close())
  const call = async (service: string, name: string, input: object) => {
    const bound = services.bound.find((each) => each.service.id === service)!
    await bound.invoke(callOf(bound.service.operations.get(name)!, input, callerOf()))
  }
  const refused = async (service: string, name: string, input: object) => {
    const failure = await call(service, name, input).then(
      () => assert.fail(`${name} was not refused`),
      (error: unknown) => error,
    )
    assert.ok(failure instanceof ServiceException, String(failure))
    return `${name}: ${failure.status} ${failure.code}`
  }
  return { contended, call, refused, problems, clock, engine }
}

test("whoever never gets their turn is told so by the service's throttle, which SDKs ask again after", async (t) => {
  const { contended, call, refused } = await contendedServices(t)
  await call('S3', 'CreateBucket', { Bucket: 'lake' })
  await call('Kinesis', 'CreateStream', { StreamName: 'orders', ShardCount: 1 })
  await call('IAM', 'CreateUser', { UserName: 'ada' })
  await call('Firehose', 'CreateDeliveryStream', {
    DeliveryStreamName: 'clicks',
    ExtendedS3DestinationConfiguration: {
      BucketARN: 'arn:aws:s3:::lake',
      RoleARN: 'arn:aws:iam::000000000000:role/firehose',
    },
  })
  for (const name of ['lake', 'orders', 'ada', 'clicks']) contended.add(name)
  const answers = await Promise.all([
    refused('S3', 'PutBucketTagging', { Bucket: 'lake', Tagging: { TagSet: [] } }),
    refused('S3', 'DeleteBucket', { Bucket: 'lake' }),
    refused('Kinesis', 'AddTagsToStream', { StreamName: 'orders', Tags: { a: 'b' } }),
    refused('Kinesis', 'DeleteStream', { StreamName: 'orders' }),
    refused('IAM', 'TagUser', { UserName: 'ada', Tags: [{ Key: 'a', Value: 'b' }] }),
    refused('Firehose', 'DeleteDeliveryStream', { DeliveryStreamName: 'clicks' }),
  ])
  assert.deepEqual(answers, [
    'PutBucketTagging: 503 SlowDown',
    'DeleteBucket: 503 SlowDown',
    'AddTagsToStream: 400 LimitExceededException',
    'DeleteStream: 400 LimitExceededException',
    'TagUser: 400 Throttling',
    'DeleteDeliveryStream: 400 ThrottlingException',
  ])
  contended.clear()
  await call('Kinesis', 'DeleteStream', { StreamName: 'orders' })
})

test('garbage that cannot be given back is said until it is', async (t) => {
  const { contended, call, problems, engine } = await contendedServices(t)
  await call('S3', 'CreateBucket', { Bucket: 'lake' })
  contended.add(garbagePrefix)
  // What another process has deleted, since a commit of ours would say Conflict.
  const garbage = { content: { in: 'inline', id: 'x', sizeBytes: 1 } }
  await engine.metadata.commit([{ put: `${garbagePrefix}1`, value: garbage }])
  await call('S3', 'DeleteObjects', { Bucket: 'lake', Delete: { Objects: [{ Key: 'none' }] } })
  const isSaid = () => problems.list().map(({ code, where }) => `${code}: ${where}`)
  while (isSaid().length === 0) await nextTurn()
  assert.deepEqual(isSaid(), ["BackgroundFailed: the collector of S3's garbage"])
  contended.clear()
  await call('S3', 'DeleteObjects', { Bucket: 'lake', Delete: { Objects: [{ Key: 'none' }] } })
  while (isSaid().length > 0) await nextTurn()
  assert.deepEqual(await engine.metadata.list({ prefix: garbagePrefix }), [])
})

test('a stream that cannot grow takes what is put, and its growth is said and done later', async (t) => {
  const { contended, call, problems, clock } = await contendedServices(t)
  await call('Kinesis', 'CreateStream', {
    StreamName: 'wide',
    StreamModeDetails: { StreamMode: 'ON_DEMAND' },
  })
  contended.add('/wide')
  const records = Array.from({ length: 500 }, (_, n) => ({ Data: Buffer.from('x'), PartitionKey: `${n}` }))
  for (let put = 0; put < 5; put++)
    await call('Kinesis', 'PutRecords', { StreamName: 'wide', Records: records })
  assert.deepEqual(
    problems.list().map(({ where }) => where),
    ['the growth of stream wide of account 123456789012'],
  )
  assert.ok(problems.reports().get('BackgroundFailed')! >= 1)
  contended.clear()
  // Its rate is over by then, so that nothing is left to do.
  await clock.advance(2_000)
  while (problems.list().length > 0) await nextTurn()
})

test('a delivery that never has its turn waits longer and longer, is said, and goes on when it has', async (t) => {
  const { contended, call, problems, clock, engine } = await contendedServices(t)
  await call('S3', 'CreateBucket', { Bucket: 'lake' })
  await call('Firehose', 'CreateDeliveryStream', {
    DeliveryStreamName: 'clicks',
    ExtendedS3DestinationConfiguration: {
      BucketARN: 'arn:aws:s3:::lake',
      RoleARN: 'arn:aws:iam::000000000000:role/firehose',
      BufferingHints: { IntervalInSeconds: 0, SizeInMBs: 1 },
    },
  })
  await clock.advance(1)
  contended.add('firehose/checkpoint/')
  await call('Firehose', 'PutRecord', { DeliveryStreamName: 'clicks', Record: { Data: Buffer.from('x') } })
  await clock.advance(60_000)
  const [problem] = problems.list()
  assert.deepEqual(
    [problem?.code, problem?.where],
    ['Contended', 'delivery stream clicks of account 123456789012'],
  )
  const said = problems.reports().get('Contended')!
  await clock.advance(300_000)
  const more = problems.reports().get('Contended')! - said
  assert.ok(more >= 5 && more <= 40, `${more} attempts in five minutes`)
  contended.clear()
  await clock.advance(60_000)
  assert.deepEqual(problems.list(), [])
  assert.equal((await engine.metadata.list({ prefix: objectsPrefix('lake') })).length, 1)
})
