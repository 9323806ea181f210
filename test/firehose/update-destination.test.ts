import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertWantsActive, assertWantsDeliveryStream } from './delivery-stream-refusals.ts'
import { describe, extendedOf, update } from './destination-requests.ts'
import { ACCOUNT, createActive, createLab, destination, NAME, REGION, textOf } from './firehose-lab.ts'

const name = { DeliveryStreamName: NAME }

test('an update raises the version, changes what it names and keeps the rest', async () => {
  const lab = await createLab()
  await createActive(lab, destination({ Prefix: 'raw/', CompressionFormat: 'GZIP' }))
  await lab.clock.advance(1000)
  await update(lab, 1, { Prefix: 'new/', BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 } })
  const { VersionId, LastUpdateTimestamp } = await describe(lab)
  assert.equal(VersionId, '2')
  assert.equal(LastUpdateTimestamp, lab.clock.now())
  const { Prefix, CompressionFormat, BufferingHints } = await extendedOf(lab)
  assert.deepEqual(
    { Prefix, CompressionFormat, BufferingHints },
    {
      Prefix: 'new/',
      CompressionFormat: 'GZIP',
      BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 },
    },
  )
  await update(lab, 2, { Prefix: 'plain/' }, 'S3DestinationUpdate')
  assert.equal((await extendedOf(lab)).Prefix, 'plain/')
})

test('an update flushes nothing: the interval stays, the version and compression are those at delivery', async () => {
  const lab = await createLab()
  await lab.boot()
  await createActive(lab, destination({ BufferingHints: { SizeInMBs: 5, IntervalInSeconds: 120 } }))
  await lab.put('buffered')
  await lab.clock.advance(10_000)
  await update(lab, 1, {
    CompressionFormat: 'GZIP',
    BufferingHints: { SizeInMBs: 5, IntervalInSeconds: 900 },
  })
  await lab.clock.advance(109_999)
  assert.deepEqual(lab.bucket.list(), [])
  await lab.clock.advance(1)
  const [object] = lab.bucket.list()
  assert.match(object!.key, new RegExp(`/${NAME}-2-.*\\.gz$`))
  assert.equal(textOf(object!), 'buffered')
  await lab.put('later')
  await lab.clock.advance(899_999)
  assert.equal(lab.bucket.list().length, 1)
  await lab.clock.advance(1)
  assert.equal(lab.bucket.list().length, 2)
})

test('the interval of what is buffered survives an update and a restart', async () => {
  const lab = await createLab()
  const delivery = await lab.boot()
  await createActive(lab, destination({ BufferingHints: { SizeInMBs: 5, IntervalInSeconds: 120 } }))
  await lab.put('buffered')
  await lab.clock.advance(1000)
  await update(lab, 1, { BufferingHints: { SizeInMBs: 5, IntervalInSeconds: 900 } })
  await delivery.close()
  const again = await lab.boot()
  await lab.clock.advance(0)
  const { dueAt, hints } = await again.status(ACCOUNT, REGION, NAME)
  assert.equal(hints.intervalMs, 120_000)
  assert.equal(dueAt, lab.clock.now() + 119_000)
})

test('an update has AWS texts for a wrong version, id or destination', async () => {
  const lab = await createLab()
  await createActive(lab)
  await update(lab, 1, { Prefix: 'a/' })
  await assert.rejects(update(lab, 1, {}), {
    code: 'ConcurrentModificationException',
    message: `Cannot update firehose: ${NAME} since the current version id: 2 and specified version id: 1 do not match`,
  })
  await assert.rejects(
    lab.call('UpdateDestination', {
      ...name,
      CurrentDeliveryStreamVersionId: '2',
      DestinationId: 'other',
      ExtendedS3DestinationUpdate: {},
    }),
    { code: 'InvalidArgumentException', message: 'Destination Id other not found' },
  )
  await assert.rejects(update(lab, 2, {}, 'RedshiftDestinationUpdate'), {
    message: 'Changing the destination type to or from Redshift is not supported at this time.',
  })
  await assert.rejects(update(lab, 2, { BufferingHints: { SizeInMBs: 0, IntervalInSeconds: 901 } }), {
    code: 'ValidationException',
    message: /'extendedS3DestinationUpdate.bufferingHints.sizeInMBs' .*; .*'extendedS3DestinationUpdate/,
  })
  await assert.rejects(update(lab, 2, { Prefix: '!{nope:x}' }), {
    message: /Namespace to the left of colon \(nope\) is an invalid keyword!/,
  })
})

test('a misnamed bucket is repaired by an update: what was sealed goes to the new one', async () => {
  const lab = await createLab()
  const delivery = await lab.boot()
  await createActive(lab, destination({ BucketARN: 'arn:aws:s3:::misnamed' }))
  await lab.put('abc')
  lab.bucket.refuse(1)
  await assert.rejects(delivery.deliverNow(ACCOUNT, REGION, NAME), { code: 'DeliveryFailed' })
  await update(lab, 1, { BucketARN: 'arn:aws:s3:::bucket' })
  await lab.clock.advance(0)
  assert.deepEqual(lab.bucket.list().map(textOf), ['abc'])
  const { lastDeliveries } = await delivery.status(ACCOUNT, REGION, NAME)
  assert.equal(lastDeliveries[0]?.bucket, 'bucket')
  assert.equal(lastDeliveries[0]?.version, 2)
})

test('UpdateDestination wants an ACTIVE delivery stream', async () => {
  const rest = {
    CurrentDeliveryStreamVersionId: '1',
    DestinationId: 'destinationId-000000000001',
    ExtendedS3DestinationUpdate: {},
  }
  await assertWantsDeliveryStream('UpdateDestination', rest)
  await assertWantsActive('UpdateDestination', rest)
})
