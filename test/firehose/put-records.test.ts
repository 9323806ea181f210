import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseRecordId, recordIdOf } from '../../src/firehose/record-id.ts'
import { createThroughput, PER_SECOND } from '../../src/firehose/throughput.ts'
import { type Meters, noMeters } from '../../src/metrics/meters.ts'
import { createActive, createLab, destination, fromStream, NAME, textOf } from './firehose-lab.ts'

interface BatchOutput {
  readonly FailedPutCount: number
  readonly Encrypted: boolean
  readonly RequestResponses: { RecordId?: string; ErrorCode?: string; ErrorMessage?: string }[]
}
const batch = (...sizes: number[]) => ({
  DeliveryStreamName: NAME,
  Records: sizes.map((size) => ({ Data: new Uint8Array(size) })),
})

test('a batch answers one RecordId per record, and its records stay in order', async () => {
  const lab = await createLab()
  await lab.boot()
  await createActive(lab)
  const output = await lab.call<BatchOutput>('PutRecordBatch', {
    DeliveryStreamName: NAME,
    Records: ['a', 'b', 'c'].map((text) => ({ Data: Buffer.from(text) })),
  })
  assert.equal(output.FailedPutCount, 0)
  assert.equal(output.Encrypted, false)
  assert.equal(new Set(output.RequestResponses.map(({ RecordId }) => RecordId)).size, 3)
  await lab.clock.advance(300_000)
  assert.deepEqual(lab.bucket.list().map(textOf), ['abc'])
})

test('one record that is too large refuses the whole batch', async () => {
  const lab = await createLab()
  await createActive(lab)
  await assert.rejects(lab.call('PutRecordBatch', batch(1, 1_045_710)), {
    code: 'ValidationException',
    message:
      "1 validation error detected: Value 'java.nio.HeapByteBuffer[pos=0 lim=1045710 cap=1045710]' at 'records.2.member.data' failed to satisfy constraint: Member must have length less than or equal to 1024000",
  })
  await assert.rejects(lab.call('PutRecordBatch', batch(...Array(501).fill(1))), {
    code: 'ValidationException',
    message: /at 'records' failed to satisfy constraint: Member must have length less than or equal to 500$/,
  })
  await assert.rejects(lab.call('PutRecordBatch', batch(...Array(5).fill(1_000_000))), {
    code: 'InvalidArgumentException',
    message: 'Records size exceeds 4 MB limit',
  })
})

test('a delivery stream with a Kinesis source takes no puts, one that is not there or not yet ACTIVE none either', async () => {
  const lab = await createLab()
  lab.stream.open('shard-0')
  await assert.rejects(lab.put('a'), {
    code: 'ResourceNotFoundException',
    message: `Firehose ${NAME} under account 123456789012 not found.`,
  })
  await lab.call('CreateDeliveryStream', { DeliveryStreamName: NAME, ...fromStream, ...destination() })
  await assert.rejects(lab.put('a'), {
    code: 'InvalidArgumentException',
    message: 'This operation is not permitted on KinesisStreamAsSource delivery stream type.',
  })
  await lab.call('CreateDeliveryStream', { DeliveryStreamName: 'new', ...destination() })
  const early = { DeliveryStreamName: 'new', Record: { Data: new Uint8Array(1) } }
  await assert.rejects(lab.call('PutRecord', early), { code: 'ResourceNotFoundException' })
})

test('over the quota records are refused one by one, and a single one with 503', async () => {
  const lab = await createLab({ limits: 'aws' })
  await createActive(lab)
  await lab.call('PutRecordBatch', batch(...Array(4).fill(1_000_000)))
  const output = await lab.call<BatchOutput>('PutRecordBatch', batch(1_000_000, 1_000_000, 100))
  assert.equal(output.FailedPutCount, 1)
  assert.deepEqual(
    output.RequestResponses.map(({ ErrorCode, ErrorMessage }) => [ErrorCode, ErrorMessage]),
    [
      [undefined, undefined],
      ['ServiceUnavailableException', 'Slow down.'],
      [undefined, undefined],
    ],
  )
  await assert.rejects(lab.put('x'.repeat(1_000_000)), { code: 'ServiceUnavailableException', status: 503 })
  await lab.clock.advance(1000)
  await lab.put('x'.repeat(1_000_000))
})

test('requests are counted by the second and per delivery stream', () => {
  const { admit } = createThroughput('aws')
  for (let request = 0; request < PER_SECOND.requests; request++)
    assert.deepEqual(admit('a', [1], 500), [true])
  assert.deepEqual(admit('a', [1], 999), [false])
  assert.deepEqual(admit('b', [1], 999), [true])
  assert.deepEqual(admit('a', [1], 1000), [true])
  assert.deepEqual(createThroughput('off').admit('a', [PER_SECOND.bytes + 1], 0), [true])
})

test('ingested bytes are billed in steps of 5 KiB, from Direct PUT and from a stream alike', async () => {
  const used = new Map<string, number>()
  const counted = new Map<string, number>()
  const add = (map: Map<string, number>, name: string, value: number) =>
    map.set(name, (map.get(name) ?? 0) + value)
  const meters: Meters = {
    ...noMeters,
    count: (_namespace, metric, _dimensions, value) => add(counted, metric, value),
    use: (meter, quantity) => add(used, meter, quantity),
  }
  const lab = await createLab({ meters })
  lab.stream.open('shard-0')
  await lab.boot()
  await createActive(lab)
  await lab.call('CreateDeliveryStream', { DeliveryStreamName: 'other', ...fromStream, ...destination() })
  await lab.put('x'.repeat(5121))
  await lab.stream.put('shard-0', 'y')
  await lab.clock.advance(300_000)
  assert.equal(used.get('firehose-ingested-bytes'), 3 * 5120)
  assert.equal(used.get('firehose-ingested-bytes-before-rounding'), 5122)
  assert.equal(counted.get('IncomingRecords'), 1)
  assert.equal(counted.get('IncomingBytes'), 5121)
  assert.equal(counted.get('DataReadFromKinesisStream.Records'), 1)
  assert.equal(counted.get('DeliveryToS3.Records'), 2)
  assert.equal(counted.get('DeliveryToS3.Bytes'), 5122)
  assert.equal(counted.get('DeliveryToS3.Success'), 2)
})

test('a RecordId says where its record lies, and no other text does', () => {
  fc.assert(
    fc.property(fc.uuid(), fc.maxSafeNat(), (deliveryStreamId, position) => {
      const recordId = recordIdOf(deliveryStreamId, position)
      assert.match(recordId, /^[A-Za-z0-9+/]{100,}=*$/)
      assert.deepEqual(parseRecordId(recordId), { deliveryStreamId, position })
      const other = recordId[5] === 'A' ? 'B' : 'A'
      assert.equal(parseRecordId(`${recordId.slice(0, 5)}${other}${recordId.slice(6)}`), undefined)
    }),
  )
  fc.assert(fc.property(fc.base64String(), (text) => parseRecordId(text) === undefined))
})
