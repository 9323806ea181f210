import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { type Engine, EngineError } from '../../src/engine/ports/engine.ts'
import {
  ACCOUNT,
  createActive,
  createLab,
  destination,
  fromStream,
  type Lab,
  NAME,
  REGION,
  rest,
  textOf,
} from './firehose-lab.ts'
import { line, parameter, partitioned } from './partitioned-lab.ts'

const MINUTE_MS = 60_000
const decompressing = destination({
  BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 },
  ProcessingConfiguration: {
    Enabled: true,
    Processors: [{ Type: 'Decompression', Parameters: [parameter('CompressionFormat', 'GZIP')] }],
  },
})
const delivered = (lab: Lab) => lab.bucket.list().flatMap((object) => textOf(object).split('\n').slice(0, -1))
const shardIdOf = (index: number) => String(index).padStart(4, '0')

/** An engine on which the stage's batches leave the stage, but that is never noted while it `fails`. */
function forgetful({ metadata, ...engine }: Engine) {
  let fails = false
  const commit: typeof metadata.commit = async (changes) => {
    const isEnd = changes.some(
      (change) =>
        'put' in change && change.put.endsWith('/stage') && !(change.value as { batch?: object }).batch,
    )
    if (fails && isEnd) throw new EngineError('Closed', 'killed before')
    return await metadata.commit(changes)
  }
  const fail = (): void => {
    fails = true
  }
  return { engine: { ...engine, metadata: { ...metadata, commit } }, fail }
}

async function putTo(lab: Lab, shards: readonly number[], word: string): Promise<void> {
  for (const shard of shards) await lab.stream.put(shardIdOf(shard), gzipSync(`${word} ${shard}\n`))
}

test('a batch that is repeated is delivered once although a thousand other shards came since its first one', async () => {
  const lab = await createLab()
  const shards = Array.from({ length: 1100 }, (_, index) => index)
  for (const shard of shards) lab.stream.open(shardIdOf(shard))
  const { engine, fail } = forgetful(lab.engine)
  const first = await lab.boot({ engine })
  await createActive(lab, { ...fromStream, ...decompressing })
  await putTo(lab, [0], 'first')
  await lab.clock.advance(MINUTE_MS)
  await putTo(lab, shards.slice(1), 'other')
  await lab.clock.advance(MINUTE_MS)
  fail()
  await putTo(lab, [0], 'last')
  await lab.clock.advance(MINUTE_MS)
  await first.close()
  await lab.boot()
  await lab.clock.advance(2 * MINUTE_MS)
  const found = delivered(lab)
  assert.equal(found.filter((text) => text === 'last 0').length, 1)
  assert.equal(found.length, 1101)
  assert.equal(new Set(found).size, 1101)
})

test('a shard that was begun and ended within a batch is in the batch when it is repeated', async () => {
  const lab = await createLab()
  lab.stream.open('0000')
  await createActive(lab, { ...fromStream, ...decompressing })
  await putTo(lab, [0], 'parent')
  for (const [parent, child] of [
    ['0000', '0001'],
    ['0001', '0002'],
  ] as const) {
    lab.stream.open(child, parent)
    await lab.stream.close(parent)
    await putTo(lab, [Number(child)], 'child')
  }
  // It begins the batch and appends nothing.
  const { engine } = forgetful(lab.engine)
  const append = () => Promise.reject(new EngineError('Closed', 'killed before'))
  const first = await lab.boot({ engine: { ...engine, logs: { ...engine.logs, append } } })
  await rest()
  await first.close()
  const documents = await lab.engine.metadata.list<{ batch?: object }>({ prefix: 'firehose/checkpoint/' })
  const stage = documents.find(({ key }) => key.endsWith('/stage'))
  assert.ok(stage?.value.batch, 'it died within the batch')
  await lab.boot()
  await lab.clock.advance(2 * MINUTE_MS)
  assert.deepEqual(delivered(lab), ['parent 0', 'child 1', 'child 2'])
})

test('what was read when a stage was closed, and has not left it, is read again', async () => {
  const lab = await createLab()
  lab.stream.open('0000')
  await createActive(lab, { ...fromStream, ...decompressing })
  // One more than a batch has.
  for (let record = 0; record < 1001; record++) await putTo(lab, [0], `record ${record}`)
  const [reached, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  let batches = 0
  const commit: typeof lab.engine.metadata.commit = async (changes) => {
    const begins = changes.some(
      (change) =>
        'put' in change && change.put.endsWith('/stage') && (change.value as { batch?: object }).batch,
    )
    if (begins && ++batches === 2) {
      reached.resolve()
      await released.promise
      throw new EngineError('Closed', 'killed before')
    }
    return await lab.engine.metadata.commit(changes)
  }
  const metadata = { ...lab.engine.metadata, commit }
  const first = await lab.boot({ engine: { ...lab.engine, metadata } })
  await reached.promise
  const delivering = first.deliverNow(ACCOUNT, REGION, NAME).catch(() => undefined)
  await rest()
  const closing = first.close()
  await rest()
  released.resolve()
  await Promise.all([delivering, closing])
  await lab.boot()
  await lab.clock.advance(2 * MINUTE_MS)
  assert.equal(delivered(lab).length, 1001)
})

test('sources that are over are forgotten, and only they', async () => {
  const lab = await createLab()
  lab.stream.open('0000')
  lab.stream.open('0001')
  await lab.boot()
  await createActive(lab, { ...fromStream, ...decompressing })
  await putTo(lab, [0, 1], 'first')
  for (let shard = 1; shard < 6; shard++) {
    lab.stream.open(shardIdOf(shard + 1), shardIdOf(shard))
    await lab.stream.close(shardIdOf(shard))
    await putTo(lab, [shard + 1], 'next')
    await lab.clock.advance(MINUTE_MS)
  }
  for (const word of ['more', 'and more']) {
    await putTo(lab, [0, 6], word)
    await lab.clock.advance(MINUTE_MS)
  }
  const checkpoints = await lab.engine.metadata.list<{ seen?: { log: string }[] }>({
    prefix: 'firehose/checkpoint/',
  })
  const seen = checkpoints.flatMap(({ value }) => value.seen ?? []).map(({ log }) => log)
  assert.deepEqual(seen.sort(), ['0000', '0006'])
  assert.equal(delivered(lab).length, 11)
})

const customersIn = (lab: Lab): number[] =>
  lab.bucket
    .list()
    .flatMap(({ key, body }) =>
      body
        .toString()
        .trim()
        .split('\n')
        .map((text) => (key.startsWith('errors/') ? Buffer.from(JSON.parse(text).rawData, 'base64') : text)),
    )
    .map((text) => JSON.parse(String(text)).n as number)
    .sort((one, other) => one - other)

async function putCustomers(lab: Lab, customers: readonly number[]): Promise<void> {
  for (const customer of customers) await lab.put(line(`c${customer}`, customer))
}

test('where one batch has more partitions than there may be, none of its records is lost', async () => {
  const lab = await createLab()
  await lab.boot()
  await createActive(lab, partitioned())
  const customers = Array.from({ length: 700 }, (_, index) => index)
  await putCustomers(lab, customers)
  await lab.clock.advance(3 * MINUTE_MS)
  assert.deepEqual(customersIn(lab), customers)
})

test('a record for which there was no partition left has none when its batch is repeated', async () => {
  const lab = await createLab()
  const { engine, fail } = forgetful(lab.engine)
  const first = await lab.boot({ engine })
  await createActive(lab, partitioned())
  const customers = Array.from({ length: 510 }, (_, index) => index)
  await putCustomers(lab, customers.slice(0, 450))
  await lab.clock.advance(1)
  fail()
  await putCustomers(lab, customers.slice(450))
  await lab.clock.advance(2 * MINUTE_MS)
  await first.close()
  // What has been delivered gives its partitions back, as far as that may be.
  await lab.boot()
  await lab.clock.advance(MINUTE_MS)
  await lab.clock.advance(2 * MINUTE_MS)
  assert.deepEqual(customersIn(lab), customers)
})
