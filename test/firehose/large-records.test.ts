import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { messagesOf } from '../../src/firehose/processors/cloud-watch-log-processing.ts'
import { jsonDocumentsOf, subRecordsOf } from '../../src/firehose/processors/record-de-aggregation.ts'
import { deAggregate } from '../../src/kpl/aggregated-record.ts'
import { isNestedDeeper } from '../../src/service/json-depth.ts'
import { createActive, createLab, destination, fromStream, textOf } from './firehose-lab.ts'
import { parameter, partitioned } from './partitioned-lab.ts'

const LARGEST = 10 * 2 ** 20

test('JSON documents are found in a record of Kinesis’s largest size, whatever it is made of', () => {
  const lengthsIn = (text: string) => jsonDocumentsOf(Buffer.from(text), 500)?.map(({ length }) => length)
  assert.deepEqual(lengthsIn(`"${'x'.repeat(LARGEST)}"`), [LARGEST + 2])
  assert.deepEqual(lengthsIn(`{"a":"${'\\"'.repeat(LARGEST / 2)}"} 1`), [LARGEST + 8, 1])
  assert.deepEqual(lengthsIn('[]'.repeat(500)), Array(500).fill(2))
  assert.equal(lengthsIn('[]'.repeat(LARGEST / 2)), undefined)
  assert.equal(lengthsIn(`{"a":"${'x'.repeat(LARGEST)}`), undefined)
  assert.equal(lengthsIn('['.repeat(LARGEST)), undefined)
  assert.equal(lengthsIn('"\\'.repeat(LARGEST / 2)), undefined)
  assert.deepEqual(lengthsIn(' ,\n'.repeat(LARGEST / 3)), [])
  const whole = Buffer.from('ab'.repeat(LARGEST / 2))
  assert.deepEqual(subRecordsOf(whole, { delimiter: Buffer.from('b') }), [whole])
})

test('how deeply JSON is nested is told without parsing it', () => {
  const nested = (depth: number) =>
    Buffer.from(`{"a":"[[[\\"[[","b":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`)
  assert.equal(isNestedDeeper(nested(1000), 1000), false)
  assert.equal(isNestedDeeper(nested(1001), 1000), true)
  assert.equal(isNestedDeeper(Buffer.from('['.repeat(LARGEST)), 1000), true)
  assert.equal(isNestedDeeper(Buffer.from('[]'.repeat(LARGEST / 2)), 1000), false)
  assert.equal(isNestedDeeper(Buffer.from(`"${'['.repeat(LARGEST)}`), 1000), false)
})

test('what would become too many records stays one', () => {
  const message = Buffer.alloc(300_000, Buffer.from([0x1a, 0]))
  const digest = createHash('md5').update(message).digest()
  const aggregated = Buffer.concat([Buffer.from('f3899ac2', 'hex'), message, digest])
  assert.deepEqual(deAggregate(aggregated), [aggregated])
  const events = (count: number) =>
    Buffer.from(`{"logEvents":[${'{"message":""},'.repeat(count - 1)}{"message":""}]}`)
  assert.equal(messagesOf(events(100_000))?.length, 100_000)
  assert.equal(messagesOf(events(100_001)), undefined)
  assert.equal(messagesOf(Buffer.from('['.repeat(2 ** 22))), undefined)
})

test('a message of CloudWatch Logs that is no text takes no memory', () => {
  for (const message of ['{"length":300000000}', '{"type":"Buffer","data":[1]}', '[1,2]', '1', 'null'])
    assert.equal(messagesOf(Buffer.from(`{"logEvents":[{"message":${message}}]}`)), undefined, message)
})

test('a record of Kinesis’s largest size that has no key is whole in its error record', async () => {
  const lab = await createLab()
  lab.stream.open('0')
  await createActive(lab, { ...fromStream, ...partitioned() })
  const server = await lab.boot()
  const largest = Buffer.alloc(LARGEST, 'x')
  await lab.stream.put('0', largest)
  await lab.stream.put('0', '{"customer":"a"}\n')
  await lab.clock.advance(61_000)
  await server.close()
  assert.deepEqual(lab.errors, [])
  const [key, error] = lab.bucket.list()
  assert.match(key!.key, /^by\/a\/|^errors\//)
  const [object] = lab.bucket.list().filter((one) => one.key.startsWith('errors/'))
  assert.deepEqual(Buffer.from(JSON.parse(textOf(object!)).rawData, 'base64'), largest)
  assert.ok(error)
})

test('records that decompress to more than is kept in memory are delivered once, and one that becomes too large is an error', async () => {
  const lab = await createLab()
  await createActive(
    lab,
    destination({
      BufferingHints: { SizeInMBs: 128, IntervalInSeconds: 60 },
      ErrorOutputPrefix: 'errors/!{firehose:error-output-type}/',
      ProcessingConfiguration: {
        Enabled: true,
        Processors: [{ Type: 'Decompression', Parameters: [parameter('CompressionFormat', 'GZIP')] }],
      },
    }),
  )
  const server = await lab.boot()
  const put = (data: Buffer) =>
    lab.call('PutRecord', { DeliveryStreamName: 'to-s3', Record: { Data: gzipSync(data) } })
  const sizes = Array.from({ length: 24 }, (_, n) => 4 * 2 ** 20 + n)
  for (const size of sizes) await put(Buffer.alloc(size, 'x').fill('\n', size - 1))
  await put(Buffer.alloc(LARGEST + 1))
  await put(Buffer.alloc(40 * 2 ** 20))
  await lab.clock.advance(61_000)
  await lab.clock.advance(61_000)
  await server.close()
  assert.deepEqual(lab.errors, [])
  const objects = lab.bucket.list().filter(({ key }) => !key.startsWith('errors/'))
  const found = objects.flatMap((object) => textOf(object).split('\n').slice(0, -1))
  assert.deepEqual(
    found.map(({ length }) => length + 1),
    sizes,
  )
  const errors = lab.bucket
    .list()
    .filter(({ key }) => key.startsWith('errors/decompression-failed/'))
    .flatMap((object) => textOf(object).trim().split('\n'))
  assert.equal(errors.length, 2)
})
