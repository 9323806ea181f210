import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { CreateDeliveryStreamCommand, FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose'
import { CreateStreamCommand, KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis'
import { CreateBucketCommand, GetObjectCommand, S3Client } from '@aws-sdk/client-s3'
import fc from 'fast-check'
import { createLineage, type Extent, findInLineage } from '../../src/delivery/lineage/lineage.ts'
import type { Manifest } from '../../src/delivery/lineage/manifest.ts'
import { createMemoryEngine } from '../../src/engine/memory/memory-engine.ts'
import type { MadeOf } from '../../src/insight/tracing.ts'
import { fetchSigned } from '../client-access.ts'
import { makeDeliveryRole } from '../delivery-role.ts'
import { clientOf, startServer } from '../server.ts'
import { createLab } from './firehose-lab.ts'

const RoleARN = 'arn:aws:iam::000000000000:role/firehose'

test('every record that was written down is found again, whatever its source, position and length', async () => {
  // Small enough for all of them together to stay a safe integer.
  const rows = fc.array(
    fc.record({
      source: fc.integer({ min: 0, max: 3 }),
      step: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 2 ** 39 })),
      length: fc.oneof(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 2 ** 24 })),
    }),
    { minLength: 1, maxLength: 60 },
  )
  const property = fc.asyncProperty(rows, async (given) => {
    const { clock } = await createLab()
    const { metadata } = createMemoryEngine({ clock })
    const sources = ['0', '1', '2', '3'].map((log) => ({ group: 'group', log }))
    const manifest = { ranges: sources } as unknown as Manifest
    const lineage = createLineage(metadata, 'prefix/', manifest)
    const expected: { place: { group: string; log: string; position: number }; extent: object }[] = []
    const last: number[] = [0, 0, 0, 0]
    let offset = 0
    // Often enough for several chunks.
    for (let round = 0; round < 200; round++)
      for (const { source, step, length } of given) {
        last[source] = last[source]! + step
        const place = { ...sources[source]!, position: last[source]! }
        lineage.add({ ...place, part: 0 }, length)
        if (round % 50 === 0) expected.push({ place, extent: { offset, length } })
        offset += length
      }
    await lineage.flush()
    await metadata.commit(lineage.rest())
    for (const { place, extent } of expected.slice(0, 100))
      assert.deepEqual(await findInLineage(metadata, 'prefix/', manifest, place), extent)
    assert.equal(
      await findInLineage(metadata, 'prefix/', manifest, { ...sources[0]!, position: last[0]! + 1 }),
      undefined,
    )
  })
  await fc.assert(property, { numRuns: 15 })
})

test('over HTTP a record leads to its bytes, and the object back to shards and sequence numbers', async (context) => {
  const server = await startServer(context)
  const kinesis = clientOf(context, new KinesisClient(server.clientConfig))
  await makeDeliveryRole(server.endpoint)
  const firehose = clientOf(context, new FirehoseClient(server.clientConfig))
  const s3 = clientOf(context, new S3Client(server.clientConfig))
  await s3.send(new CreateBucketCommand({ Bucket: 'bucket' }))
  await kinesis.send(new CreateStreamCommand({ StreamName: 'clicks', ShardCount: 2 }))
  await firehose.send(
    new CreateDeliveryStreamCommand({
      DeliveryStreamName: 'lineage',
      DeliveryStreamType: 'KinesisStreamAsSource',
      KinesisStreamSourceConfiguration: {
        KinesisStreamARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/clicks',
        RoleARN,
      },
      ExtendedS3DestinationConfiguration: {
        RoleARN,
        BucketARN: 'arn:aws:s3:::bucket',
        CompressionFormat: 'GZIP',
      },
    }),
  )
  const texts = Array.from({ length: 200 }, (_, index) => `record ${index};`)
  const Records = texts.map((text, index) => ({ PartitionKey: String(index), Data: Buffer.from(text) }))
  const put = await kinesis.send(new PutRecordsCommand({ StreamName: 'clicks', Records }))
  const [first] = put.Records ?? []
  const query = { stream: 'clicks', sequenceNumber: first?.SequenceNumber ?? '' }
  assert.equal((await server.landed(query))[0]?.state, 'buffered')
  const [{ key } = assert.fail()] = (await server.deliver('lineage')).objects
  const got = await s3.send(new GetObjectCommand({ Bucket: 'bucket', Key: key }))
  const body = gunzipSync(await got.Body!.transformToByteArray())
  for (const [index, { SequenceNumber = '' }] of (put.Records ?? []).entries()) {
    const url = `${server.endpoint}/_standpipe/api/landed?stream=clicks&sequenceNumber=${SequenceNumber}`
    const { landed } = (await (await fetchSigned(url)).json()) as { landed: (Extent & object)[] }
    assert.partialDeepStrictEqual(landed, [{ deliveryStream: 'lineage', state: 'delivered', key }])
    const { offset, length } = landed[0]!
    assert.equal(body.subarray(offset, offset + length).toString(), texts[index])
  }
  const ofObject = await fetchSigned(
    `${server.endpoint}/_standpipe/api/landed?bucket=bucket&key=${encodeURIComponent(key)}`,
  )
  const { object } = (await ofObject.json()) as { object: MadeOf }
  assert.equal(object.records, 200)
  assert.equal(object.reason, 'flush')
  for (const source of object.sources) {
    const own = (put.Records ?? []).filter(({ ShardId }) => ShardId === source.shardId)
    assert.equal(source.records, own.length)
    assert.equal(source.firstSequenceNumber, own[0]?.SequenceNumber)
    assert.equal(source.lastSequenceNumber, own.at(-1)?.SequenceNumber)
  }
  assert.equal(object.sources.length, 2)
  const unknown = await fetchSigned(`${server.endpoint}/_standpipe/api/landed?bucket=bucket&key=other`)
  assert.equal(unknown.status, 404)
})

test('a Direct PUT record is found by its RecordId, and the object names its first and last one', async (context) => {
  const server = await startServer(context)
  await makeDeliveryRole(server.endpoint)
  const firehose = clientOf(context, new FirehoseClient(server.clientConfig))
  const s3 = clientOf(context, new S3Client(server.clientConfig))
  await s3.send(new CreateBucketCommand({ Bucket: 'bucket' }))
  const S3DestinationConfiguration = { RoleARN, BucketARN: 'arn:aws:s3:::bucket' }
  await firehose.send(
    new CreateDeliveryStreamCommand({ DeliveryStreamName: 'direct', S3DestinationConfiguration }),
  )
  const Records = ['a', 'bb', 'ccc'].map((text) => ({ Data: Buffer.from(text) }))
  const put = await firehose.send(new PutRecordBatchCommand({ DeliveryStreamName: 'direct', Records }))
  const ids = (put.RequestResponses ?? []).map(({ RecordId = '' }) => RecordId)
  const [{ key } = assert.fail()] = (await server.deliver('direct')).objects
  const [landed] = await server.landed({ recordId: ids[1]! })
  assert.partialDeepStrictEqual(landed, { state: 'delivered', key, offset: 1, length: 2 })
  const { sources } = await server.madeOf({ bucket: 'bucket', key })
  assert.deepEqual(sources, [{ firstRecordId: ids[0], lastRecordId: ids[2], records: 3, bytes: 6 }])
})
