import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createThroughput, PER_SECOND } from '../../src/firehose/direct-put/ingest.ts'
import { parseRecordId, recordIdOf } from '../../src/firehose/direct-put/record-id.ts'
import { type Meters, noMeters } from '../../src/metrics/meters.ts'
import { createActive, createLab, destination, fromStream } from './firehose-lab.ts'

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
