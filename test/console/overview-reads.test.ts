import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { ConsolePorts } from '../../src/api/ports.ts'
import { createClock } from '../../src/clock/clock.ts'
import { systemRandom } from '../../src/clock/random.ts'
import { createMemoryEngine } from '../../src/engine/memory/memory-engine.ts'
import type { Engine } from '../../src/engine/ports/engine.ts'
import { openBudget } from '../../src/insight/budget.ts'
import { createLabChecklist } from '../../src/insight/lab-checklist.ts'
import { openPipelineDocuments } from '../../src/insight/shared/pipeline-documents.ts'
import { openSpace } from '../../src/insight/space/open-space.ts'
import { createMeters } from '../../src/metrics/create-meters.ts'
import { createProblems } from '../../src/metrics/problems.ts'
import { consolePorts } from '../../src/server/api-ports.ts'
import { defaultSettings } from '../../src/server/config.ts'
import type { Core } from '../../src/server/core.ts'
import { clockDocument, movesOf } from '../../src/server/documents/saved-clock.ts'
import { openServices } from '../../src/server/services.ts'
import { callOf } from '../../src/service/invoke.ts'
import { callerOf } from '../caller.ts'

const SCOPE = { account: '000000000000', region: 'us-east-1' }
const RoleARN = 'arn:aws:iam::000000000000:role/firehose'
const HALF_A_SECOND = 500

/** Counts the documents that are read. */
function counted(engine: Engine) {
  const { metadata } = engine
  let reads = 0
  const counting: Engine = {
    ...engine,
    metadata: {
      ...metadata,
      async get(key) {
        reads += 1
        return await metadata.get(key)
      },
      async list(range) {
        const found = await metadata.list(range)
        reads += found.length
        return found as never
      },
    },
  }
  return { engine: counting, reads: () => reads }
}

/** A server without its port, of so many streams, delivery streams and buckets. */
async function openCrowd(t: TestContext, size: number) {
  const onError = (error: unknown) => assert.fail(String(error))
  const clock = createClock({ mode: 'manual', onError })
  const { engine, reads } = counted(createMemoryEngine({ clock }))
  const meters = createMeters({ clock })
  const silent = () => undefined
  const problems = createProblems({ now: clock.now, warn: silent, info: silent })
  const shared = { clock, meters, problems }
  const services = await openServices({
    ...{ ...shared, engine, random: systemRandom, limits: 'off', stateDelayMs: 0 },
    observe: silent,
  })
  const { metadata } = engine
  const budget = openBudget({
    metadata,
    clock,
    meters,
    warn: silent,
    webhook: async () => undefined,
    targetRefusal: async () => undefined,
  })
  const documents = openPipelineDocuments({
    metadata,
    clock: { kind: clockDocument, movesOf },
  })
  const counts = { streams: 0, deliveryStreams: 0, channels: 0, buckets: 0 }
  const restored = { ...counts, policies: 0, arePoliciesEnforced: false }
  const { usage } = services.s3
  const space = openSpace({
    ...{ engine, usage, documents, clock, problems, quotas: services.quotas, onError: silent },
  })
  const core: Core = {
    ...{ engine, services, meters, problems, budget, documents, space, restored },
    async close() {
      await space.close()
      documents.close()
      await services.close()
      await budget.close()
      await engine.close()
    },
  }
  const closing = new AbortController()
  t.after(() => core.close())
  const ports: ConsolePorts = consolePorts({
    settings: defaultSettings,
    clock,
    core: () => core,
    lab: createLabChecklist(clock.now),
    elsewhere: { list: () => [] },
    access: { mode: 'open' },
    closing: closing.signal,
  })
  const caller = callerOf({ ...SCOPE, signal: () => closing.signal })
  const call = async (service: string, name: string, input: object) => {
    const bound = services.bound.find((one) => one.service.operations.has(name) && one.service.id === service)
    const { output } = await bound!.invoke(callOf(bound!.service.operations.get(name)!, input, caller))
    return output
  }
  for (let index = 0; index < size; index++) {
    await call('S3', 'CreateBucket', { Bucket: `bucket-${index}` })
    await call('Kinesis', 'CreateStream', { StreamName: `stream-${index}`, ShardCount: 1 })
    await call('Firehose', 'CreateDeliveryStream', {
      DeliveryStreamName: `delivery-${index}`,
      DeliveryStreamType: 'KinesisStreamAsSource',
      KinesisStreamSourceConfiguration: {
        KinesisStreamARN: `arn:aws:kinesis:us-east-1:000000000000:stream/stream-${index}`,
        RoleARN,
      },
      ExtendedS3DestinationConfiguration: { RoleARN, BucketARN: `arn:aws:s3:::bucket-${index}` },
    })
  }
  await clock.advance(1)
  /** How many documents are read while something is done. */
  const readsOf = async (task: () => Promise<unknown>) => {
    const before = reads()
    await task()
    return reads() - before
  }
  const fresh = () => ports.overview(SCOPE, '', 0)
  const polled = () => ports.overview(SCOPE, '', HALF_A_SECOND)
  return { call, readsOf, fresh, polled, services, problems, clock }
}

for (const size of [10, 200])
  test(`${size} delivery streams are read once, then only what has changed, however many look`, async (t) => {
    const { call, readsOf, fresh, polled, services } = await openCrowd(t, size)
    assert.ok((await readsOf(fresh)) <= 3 * size + 10, 'each document once')
    assert.equal((await fresh()).overview.deliveryStreams.length, size)
    assert.equal(await readsOf(fresh), 0, 'nothing has changed')

    await call('Firehose', 'TagDeliveryStream', {
      DeliveryStreamName: 'delivery-3',
      Tags: [{ Key: 'a', Value: 'b' }],
    })
    await call('Kinesis', 'IncreaseStreamRetentionPeriod', {
      StreamName: 'stream-3',
      RetentionPeriodHours: 48,
    })
    assert.ok((await readsOf(fresh)) <= 6, 'what has changed')
    const { overview } = await fresh()
    assert.equal(overview.streams.find(({ name }) => name === 'stream-3')?.retentionPeriodHours, 48)

    const { region, account } = SCOPE
    const statuses = async () => {
      for (let index = 0; index < size; index++)
        await services.delivery.status(account, region, `delivery-${index}`)
    }
    assert.equal(await readsOf(statuses), 0, 'delivery knows what there is')

    await call('Firehose', 'DeleteDeliveryStream', { DeliveryStreamName: 'delivery-4' })
    const pages = await Promise.all(Array.from({ length: 20 }, polled))
    assert.equal(new Set(pages.map(({ tag }) => tag)).size, 1)
  })

test('a list that is taken in pages reads each of its documents about once', async (t) => {
  const { call, readsOf } = await openCrowd(t, 130)
  const reads = await readsOf(async () => {
    let last: string | undefined
    let count = 0
    do {
      const page = (await call('Firehose', 'ListDeliveryStreams', {
        Limit: 50,
        ...(last && { ExclusiveStartDeliveryStreamName: last }),
      })) as { DeliveryStreamNames: string[]; HasMoreDeliveryStreams: boolean }
      count += page.DeliveryStreamNames.length
      last = page.HasMoreDeliveryStreams ? page.DeliveryStreamNames.at(-1) : undefined
    } while (last)
    assert.equal(count, 130)
  })
  assert.ok(reads <= 3 * 100, `${reads}`)
  assert.ok((await readsOf(() => call('S3', 'ListBuckets', { MaxBuckets: 1 }))) <= 100)
})

test('what was done before a look is in it, and who looks again and again waits half a second at most', async (t) => {
  const { call, fresh, polled, problems, clock } = await openCrowd(t, 1)
  const first = await fresh()
  await call('Kinesis', 'CreateStream', { StreamName: 'new', ShardCount: 1 })
  assert.equal((await polled()).tag, first.tag)
  const second = await fresh()
  assert.notEqual(second.tag, first.tag)
  assert.ok(second.overview.streams.some(({ name }) => name === 'new'))
  assert.equal((await fresh()).tag, second.tag)

  await call('Kinesis', 'PutRecord', { StreamName: 'new', PartitionKey: 'a', Data: Buffer.from('a') })
  const put = await fresh()
  assert.equal(put.overview.streams.find(({ name }) => name === 'new')?.incoming.records, 1)
  problems.report({ code: 'StorageFull', where: 'the data folder', what: 'the disk is full' })
  const wrong = await fresh()
  assert.notEqual(wrong.tag, put.tag)
  assert.equal(wrong.overview.problemCount, 1)
  assert.equal(wrong.overview.problems[0]?.since, clock.now())
  problems.solved('StorageFull', 'the data folder')
  assert.equal((await fresh()).overview.problemCount, 0)
  const before = await fresh()
  await clock.advance(5)
  assert.notEqual((await fresh()).tag, before.tag, 'a clock that stands still was moved')
})
