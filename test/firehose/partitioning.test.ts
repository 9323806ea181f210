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
  NAME,
  REGION,
  STREAM_ARN,
} from './firehose-lab.ts'
import { byPrefix, extraction, line, parameter, partitioned } from './partitioned-lab.ts'

test('each value of the key has its own buffer, interval and object', async () => {
  const lab = await createLab()
  const delivery = await lab.boot()
  await createActive(lab, partitioned())
  const recordId = await lab.put(line('a', 1))
  await lab.clock.advance(30_000)
  await lab.put(line('b', 2))
  await lab.put(line('a', 3))
  await lab.clock.advance(0)
  const { partitions, buffered, dueAt } = await delivery.status(ACCOUNT, REGION, NAME)
  assert.equal(partitions?.active, 2)
  assert.equal(buffered.records, 3)
  assert.equal(dueAt, lab.clock.now() + 30_000)
  await lab.clock.advance(30_000)
  assert.deepEqual(byPrefix(lab), { 'by/a/': line('a', 1) + line('a', 3) })
  await lab.clock.advance(30_000)
  assert.deepEqual(byPrefix(lab), { 'by/a/': line('a', 1) + line('a', 3), 'by/b/': line('b', 2) })
  assert.equal((await delivery.status(ACCOUNT, REGION, NAME)).partitions?.active, 0)
  const [landed] = await delivery.landed({ recordId })
  assert.partialDeepStrictEqual(landed, { state: 'delivered', offset: 0, length: line('a', 1).length })
  assert.deepEqual(lab.errors, [])
})

test('what has no key, or an empty one, goes to the error prefix', async () => {
  const lab = await createLab()
  await lab.boot()
  await createActive(lab, partitioned())
  for (const text of ['no json', line(null, 1), line('', 2), '"text"', line(7, 3)]) await lab.put(text)
  await lab.clock.advance(60_000)
  const { 'by/7/': delivered, 'errors/processing-failed/': errors = '', ...others } = byPrefix(lab)
  assert.deepEqual(others, {})
  assert.equal(delivered, line(7, 3))
  const found = errors
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text))
    .map(({ rawData, errorCode, errorMessage }) => [
      Buffer.from(rawData, 'base64').toString(),
      errorCode,
      errorMessage,
    ])
  const failed = 'DynamicPartitioning.MetadataExtractionFailed'
  const empty = 'partitionKeys values must not be null or empty'
  assert.deepEqual(found, [
    ['no json', failed, 'Non JSON record provided'],
    [line(null, 1), failed, empty],
    [line('', 2), failed, empty],
    ['"text"', failed, 'Cannot index string with string "customer"'],
  ])
})

test('records are taken apart before their keys are read: JSON documents or delimited pieces', async () => {
  for (const [type, record, delimiter] of [
    ['JSON', `${line('a', 1)}{"customer":"b"}  {"customer":"a","x":"}{"}`, undefined],
    ['DELIMITED', `${line('a', 1).trim()}#{"customer":"b"}##{"customer":"a","x":"}{"}`, '#'],
  ] as const) {
    const Parameters = [
      parameter('SubRecordType', type),
      ...(delimiter ? [parameter('Delimiter', Buffer.from(delimiter).toString('base64'))] : []),
    ]
    const lab = await createLab()
    await lab.boot()
    const split = { Type: 'RecordDeAggregation', Parameters }
    await createActive(lab, partitioned({}, split, { Type: 'AppendDelimiterToRecord' }))
    await lab.put(record)
    await lab.clock.advance(60_000)
    assert.deepEqual(byPrefix(lab), {
      'by/a/': `${line('a', 1)}{"customer":"a","x":"}{"}\n`,
      'by/b/': '{"customer":"b"}\n',
    })
  }
})

test('CloudWatch Logs are decompressed and their messages extracted; what is not gzip is an error', async () => {
  const lab = await createLab()
  await lab.boot()
  const Processors = [
    { Type: 'Decompression', Parameters: [parameter('CompressionFormat', 'GZIP')] },
    { Type: 'CloudWatchLogProcessing', Parameters: [parameter('DataMessageExtraction', 'True')] },
    { Type: 'AppendDelimiterToRecord' },
  ]
  await createActive(
    lab,
    destination({
      Prefix: 'logs/!{timestamp:yyyy}/',
      ErrorOutputPrefix: 'errors/!{firehose:error-output-type}/',
      ProcessingConfiguration: { Enabled: true, Processors },
    }),
  )
  const logEvents = ['one', 'two'].map((message, id) => ({ id, message }))
  const input = (Data: Uint8Array) => ({ DeliveryStreamName: NAME, Record: { Data } })
  await lab.call('PutRecord', input(gzipSync(JSON.stringify({ messageType: 'DATA_MESSAGE', logEvents }))))
  await lab.call('PutRecord', input(gzipSync('not of CloudWatch')))
  await lab.put('not gzip')
  await lab.clock.advance(300_000)
  const found = byPrefix(lab)
  assert.equal(found['logs/2026/'], 'one\ntwo\n')
  const rawOf = (text = '') => Buffer.from(JSON.parse(text).rawData, 'base64')
  assert.deepEqual(rawOf(found['errors/processing-failed/']), gzipSync('not of CloudWatch'))
  assert.equal(rawOf(found['errors/decompression-failed/']).toString(), 'not gzip')
})

test('more partitions than the quota go to the error prefix, and are free again after delivery', async () => {
  const lab = await createLab()
  await lab.boot()
  await createActive(lab, partitioned())
  const put = (from: number, count: number) =>
    lab.call('PutRecordBatch', {
      DeliveryStreamName: NAME,
      Records: Array.from({ length: count }, (_, index) => ({ Data: Buffer.from(line(from + index, 0)) })),
    })
  await put(0, 300)
  await put(300, 202)
  await lab.clock.advance(60_000)
  const { 'errors/processing-failed/': errors = '', ...others } = byPrefix(lab)
  assert.equal(Object.keys(others).length, 500)
  assert.deepEqual(
    errors
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text).errorCode),
    Array(2).fill('DynamicPartitioning.ActivePartitionsLimitExceeded'),
  )
  await put(1000, 300)
  await lab.clock.advance(60_000)
  assert.equal(Object.keys(byPrefix(lab)).length, 801)
})

test('a disk that is full stops the stage, also over a restart, and loses and doubles nothing', async () => {
  const lab = await createLab()
  const first = await lab.boot()
  await createActive(lab, partitioned())
  const texts = ['a', 'b', 'a'].map((customer, n) => line(customer, n))
  for (const text of texts) await lab.put(text)
  lab.failAppends(new EngineError('StorageFull', 'no space left'))
  await lab.clock.advance(30_000)
  assert.ok(lab.errors.length > 0)
  await first.close()
  const second = await lab.boot()
  await lab.clock.advance(30_000)
  assert.deepEqual(lab.bucket.list(), [])
  lab.failAppends(undefined)
  await lab.clock.advance(120_000)
  assert.deepEqual(byPrefix(lab), { 'by/a/': texts[0]! + texts[2]!, 'by/b/': texts[1]! })
  await second.close()
})

test('a partition whose place fails for its RetryOptions goes to the error prefix', async () => {
  const lab = await createLab()
  await lab.boot()
  const RetryOptions = { DurationInSeconds: 120 }
  await createActive(lab, partitioned({ DynamicPartitioningConfiguration: { Enabled: true, RetryOptions } }))
  await lab.put(line('bad', 1))
  await lab.put(line('good', 2))
  lab.bucket.refuse((key) => key.startsWith('by/bad/'))
  await lab.clock.advance(60_000 + 119_000)
  assert.deepEqual(Object.keys(byPrefix(lab)), ['by/good/'])
  await lab.clock.advance(200_000)
  const { 'errors/processing-failed/': errors = '' } = byPrefix(lab)
  assert.equal(Buffer.from(JSON.parse(errors).rawData, 'base64').toString(), line('bad', 1))
})

test('settings that cannot work are refused in the words of AWS', async () => {
  const create = async (input: object) =>
    (await createLab()).call('CreateDeliveryStream', { DeliveryStreamName: NAME, ...input })
  const wrapped = (text: string) => `Ths supplied prefix(es) do not satisfy the following constraint: ${text}`
  const processing = (...Processors: object[]) => ({
    ProcessingConfiguration: { Enabled: true, Processors },
  })
  const partitioning = 'class com.amazonaws.services.firehose.internal.model.'
  for (const [input, message] of [
    [
      partitioned({ BufferingHints: { SizeInMBs: 63, IntervalInSeconds: 60 } }),
      'BufferingHints.SizeInMBs must be at least 64 when Dynamic Partitioning is enabled.',
    ],
    [
      partitioned({ BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 59 } }),
      'BufferingHints.IntervalInSeconds must be at least 60 seconds when Dynamic Partitioning is enabled.',
    ],
    [
      partitioned({ ProcessingConfiguration: { Enabled: false } }),
      'Processing Configuration is not enabled when DataPartitioning is enabled',
    ],
    [
      partitioned({ Prefix: 'plain/' }),
      wrapped(
        'S3 Prefix should contain Dynamic Partitioning namespaces when Dynamic Partitioning is enabled',
      ),
    ],
    [
      partitioned(processing(extraction('{customer: .a, other: .b}'))),
      "MetaDataExtraction JQ Query can't contain keys that are not present in the S3 Prefix expression",
    ],
    [
      partitioned(processing({ ...extraction('.'), Parameters: [parameter('JsonParsingEngine', 'JQ-1.7')] })),
      'MetaDataExtraction JSON Parsing Engine has to be one of JQ-1.6',
    ],
    [
      destination(processing(extraction('{a: .a}'))),
      `${partitioning}MetadataExtractionProcessor can only be present when Dynamic Partitioning is enabled.`,
    ],
    [
      destination(
        processing({ Type: 'RecordDeAggregation', Parameters: [parameter('SubRecordType', 'JSON')] }),
      ),
      `${partitioning}RecordDeAggregationProcessor can only be present when Dynamic Partitioning is enabled.`,
    ],
    [
      partitioned(
        processing({ Type: 'RecordDeAggregation', Parameters: [parameter('SubRecordType', 'CSV')] }),
      ),
      'SubRecordType has to be one of JSON, DELIMITED',
    ],
    [
      partitioned(
        processing({ Type: 'RecordDeAggregation', Parameters: [parameter('SubRecordType', 'DELIMITED')] }),
      ),
      'Delimiter should be present for DELIMITED',
    ],
    [
      destination(processing({ Type: 'CloudWatchLogProcessing' })),
      'CloudWatchLogProcessingProcessor can only be enabled with DecompressionProcessor',
    ],
    [
      destination(
        processing(
          { Type: 'Decompression' },
          { Type: 'CloudWatchLogProcessing', Parameters: [parameter('DataMessageExtraction', 'maybe')] },
        ),
      ),
      'Invalid parameter value for DataMessageExtraction. Allowed values are True and False.',
    ],
    [
      partitioned(processing(extraction('{customer: nope}'))),
      /^MetaDataExtraction JQ Query is invalid: nope/,
    ],
  ] as const)
    await assert.rejects(create(input), { code: 'InvalidArgumentException', message })
})

test('a partitioned delivery stream reads a Kinesis stream, and each record is found where it landed', async () => {
  const lab = await createLab()
  lab.stream.open('shard-0')
  const delivery = await lab.boot()
  await createActive(lab, { ...fromStream, ...partitioned() })
  const positions: number[] = []
  for (let n = 0; n < 30; n++) positions.push(await lab.stream.put('shard-0', line('abc'[n % 3], n)))
  const place = { streamArn: STREAM_ARN, group: 'kinesis/clicks', log: 'shard-0' }
  await lab.clock.advance(1)
  assert.partialDeepStrictEqual(await delivery.landed({ ...place, position: positions[4]! }), [
    { state: 'buffered', dueAt: lab.clock.now() + 59_999 },
  ])
  await lab.clock.advance(60_000)
  for (const [n, position] of positions.entries()) {
    const [landed, ...others] = await delivery.landed({ ...place, position })
    assert.deepEqual(others, [])
    assert.ok(landed?.state === 'delivered')
    const object = lab.bucket.list().find(({ key }) => key === landed.key)!
    const { offset, length } = landed
    assert.equal(object.body.subarray(offset, offset + length).toString(), line('abc'[n % 3], n))
  }
  await lab.call('DeleteDeliveryStream', { DeliveryStreamName: NAME })
  await lab.clock.advance(1000)
  assert.deepEqual(await lab.engine.metadata.list({ prefix: 'firehose/' }), [])
})

test('records of one partition go into as many appends as the engine takes them in', async () => {
  const lab = await createLab()
  const { logs } = lab.engine
  const appended: number[] = []
  const narrow: Engine = {
    ...lab.engine,
    logs: {
      ...logs,
      limits: { ...logs.limits, entries: 3 },
      append(id, entries) {
        appended.push(entries.length)
        return logs.append(id, entries)
      },
    },
  }
  lab.stream.open('shard-0')
  await createActive(lab, { ...fromStream, ...partitioned() })
  const lines = Array.from({ length: 7 }, (_, n) => line('a', n))
  for (const text of lines) await lab.stream.put('shard-0', text)
  await lab.boot({ engine: narrow })
  await lab.clock.advance(61_000)
  assert.deepEqual(appended, [3, 3, 1])
  assert.deepEqual(byPrefix(lab), { 'by/a/': lines.join('') })
})
