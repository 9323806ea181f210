import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { deAggregate, looksAggregated, userRecordsOf } from '../../src/kpl/aggregated-record.ts'
import { createActive, createLab, destination, fromStream, STREAM_ARN, textOf } from './firehose-lab.ts'
import { aggregate, aggregateOf, keyless, manyKeys } from './kpl-aggregate.ts'

const bytes = fc.uint8Array({ maxLength: 300 })

test('whatever the KPL puts together is taken apart again', () => {
  fc.assert(
    fc.property(fc.array(bytes, { minLength: 1, maxLength: 40 }), (records) => {
      const found = deAggregate(aggregate(records))
      assert.deepEqual(
        found.map((one) => Buffer.from(one).toString('hex')),
        records.map((one) => Buffer.from(one).toString('hex')),
      )
    }),
  )
})

test('its user records have their keys again, and damaged ones or such with unknown keys are none', () => {
  const hashKey = fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }).map(String)
  const record = fc.record(
    { partitionKey: fc.string({ minLength: 1 }), explicitHashKey: hashKey, data: bytes },
    { requiredKeys: ['partitionKey', 'data'] },
  )
  fc.assert(
    fc.property(fc.array(record, { minLength: 1, maxLength: 40 }), (records) => {
      const found = userRecordsOf(aggregateOf(records))
      assert.deepEqual(
        found?.map((one) => ({ ...one, data: [...one.data] })),
        records.map((one) => ({ ...one, data: [...one.data] })),
      )
    }),
  )
  assert.equal(userRecordsOf(keyless(Buffer.from('a'))), undefined)
  assert.equal(userRecordsOf(aggregateOf([])), undefined)
  assert.equal(userRecordsOf(manyKeys(100_000))?.length, 1)
  assert.equal(userRecordsOf(manyKeys(100_001)), undefined)
  fc.assert(fc.property(bytes, (data) => userRecordsOf(data) === undefined))
})

test('what only looks like it, or was damaged, stays as it is', () => {
  const aggregated = aggregate([Buffer.from('a')])
  aggregated[6]! ^= 1
  assert.ok(looksAggregated(aggregated))
  assert.deepEqual(deAggregate(aggregated), [aggregated])
  fc.assert(fc.property(bytes, (data) => deAggregate(data)[0] === data))
})

test('records of the KPL are de-aggregated from a Kinesis stream, and only from there', async () => {
  const lab = await createLab()
  lab.stream.open('shard-0')
  const delivery = await lab.boot()
  const Processors = [{ Type: 'AppendDelimiterToRecord' }]
  const settings = destination({ ProcessingConfiguration: { Enabled: true, Processors } })
  await createActive(lab, { ...fromStream, ...settings })
  const before = await lab.stream.put('shard-0', 'plain')
  const position = await lab.stream.put(
    'shard-0',
    aggregate(['1', '22', '333'].map((text) => Buffer.from(text))),
  )
  await lab.clock.advance(300_000)
  assert.deepEqual(lab.bucket.list().map(textOf), ['plain\n1\n22\n333\n'])
  const place = { streamArn: STREAM_ARN, group: 'kinesis/clicks', log: 'shard-0' }
  const [first] = await delivery.landed({ ...place, position: before })
  const [all] = await delivery.landed({ ...place, position })
  assert.partialDeepStrictEqual(first, { state: 'delivered', offset: 0, length: 6 })
  assert.partialDeepStrictEqual(all, { state: 'delivered', offset: 6, length: 9 })
})
