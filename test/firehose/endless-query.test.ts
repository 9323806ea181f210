import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import {
  CreateDeliveryStreamCommand,
  DeleteDeliveryStreamCommand,
  DescribeDeliveryStreamCommand,
  FirehoseClient,
  PutRecordCommand,
  UpdateDestinationCommand,
} from '@aws-sdk/client-firehose'
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { fetchSigned } from '../client-access.ts'
import { makeDeliveryRole } from '../delivery-role.ts'
import { clientOf, startServer } from '../server.ts'
import { extraction } from './partitioned-lab.ts'

const NAME = 'to-s3'
const ENDLESS = '{customer:(def f: if . < 1 then . else f end; .n | f | tostring)}'

async function startLab(t: TestContext) {
  const server = await startServer(t)
  await makeDeliveryRole(server.endpoint)
  const firehose = clientOf(t, new FirehoseClient(server.clientConfig))
  const s3 = clientOf(t, new S3Client(server.clientConfig))
  await s3.send(new CreateBucketCommand({ Bucket: 'landing' }))
  const configuration = (query: string) => ({
    ProcessingConfiguration: { Enabled: true, Processors: [extraction(query)] },
  })
  return {
    ...{ server, firehose, s3 },
    create: (query: string, name = NAME) =>
      firehose.send(
        new CreateDeliveryStreamCommand({
          DeliveryStreamName: name,
          ExtendedS3DestinationConfiguration: {
            RoleARN: 'arn:aws:iam::000000000000:role/firehose',
            BucketARN: 'arn:aws:s3:::landing',
            Prefix: `${name}/!{partitionKeyFromQuery:customer}/`,
            ErrorOutputPrefix: `errors/${name}/!{firehose:error-output-type}/`,
            BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 60 },
            DynamicPartitioningConfiguration: { Enabled: true },
            ...(configuration(query) as object),
          },
        }),
      ),
    update: (query: string) =>
      firehose.send(
        new UpdateDestinationCommand({
          DeliveryStreamName: NAME,
          CurrentDeliveryStreamVersionId: '1',
          DestinationId: 'destinationId-000000000001',
          ExtendedS3DestinationUpdate: configuration(query) as object,
        }),
      ),
    put: (record: object, name = NAME) =>
      firehose.send(
        new PutRecordCommand({
          DeliveryStreamName: name,
          Record: { Data: Buffer.from(`${JSON.stringify(record)}\n`) },
        }),
      ),
    async found(prefix: string): Promise<string[]> {
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'landing', Prefix: prefix }))
      const texts = await Promise.all(
        Contents.map(async ({ Key }) => {
          const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'landing', Key }))
          return (await Body!.transformToString()).trim().split('\n')
        }),
      )
      return texts.flat().sort()
    },
  }
}
const errorOf = (text: string) => {
  const { rawData, errorCode, errorMessage } = JSON.parse(text)
  return [JSON.parse(Buffer.from(rawData, 'base64').toString()).n, errorCode, errorMessage]
}
const FAILED = 'DynamicPartitioning.MetadataExtractionFailed'
const TOOK_LONGER = 'The query took longer than 1 s for this record'

test('a record for which the query does not end goes to the error output, and the server answers meanwhile', {
  timeout: 60_000,
}, async (t) => {
  const { server, create, put, found } = await startLab(t)
  await create(ENDLESS)
  await create('{customer: .n}', 'other')
  await put({ n: 0.5 })
  await put({ n: 2 })
  await put({ n: 0 })
  const moved = server.clock.advance('61s')
  let answered = 0
  let isMoving = true
  void moved.finally(() => {
    isMoving = false
  })
  while (isMoving) {
    const startedAt = performance.now()
    await put({ n: answered }, 'other')
    assert.ok(performance.now() - startedAt < 5000, 'an answer took over 5 s')
    answered++
  }
  await moved
  assert.ok(answered > 3, `only ${answered} answers while the query ran`)
  await server.clock.advance('61s')
  assert.deepEqual(await found(`${NAME}/`), ['{"n":0.5}', '{"n":0}'])
  assert.deepEqual((await found(`errors/${NAME}`)).map(errorOf), [[2, FAILED, TOOK_LONGER]])
  assert.equal((await found('other/')).length, answered)
})

test('a delivery stream with a query without end is created, updated, suspended, told of and deleted', {
  timeout: 60_000,
}, async (t) => {
  const { server, firehose, create, update, put, found } = await startLab(t)
  const startedAt = performance.now()
  await create('{customer:(def f: f; f)}')
  assert.ok(performance.now() - startedAt < 5000)
  for (const n of [0, 1, 2, 3, 4]) await put({ n })
  await server.clock.advance('61s')
  const messages = (await found(`errors/${NAME}`)).map((text) => errorOf(text)[2])
  const suspended = messages.filter((text) => /^The query is suspended/.test(text))
  assert.equal(messages.length, 5)
  assert.equal(suspended.length, 2)
  const answer = await fetchSigned(`${server.endpoint}/_standpipe/health`)
  const health = (await answer.json()) as { status: string; problems: { code: string; where: string }[] }
  assert.equal(answer.status, 200)
  assert.equal(health.status, 'degraded')
  assert.deepEqual(
    health.problems.map(({ code, where }) => ({ code, where })),
    [{ code: 'QuerySuspended', where: `delivery stream ${NAME}` }],
  )
  const updatedAt = performance.now()
  await update('{customer:(def f: 1 + f; f)}')
  assert.ok(performance.now() - updatedAt < 5000)
  await put({ n: 5 })
  await firehose.send(new DeleteDeliveryStreamCommand({ DeliveryStreamName: NAME }))
  await server.clock.advance('61s')
  await assert.rejects(firehose.send(new DescribeDeliveryStreamCommand({ DeliveryStreamName: NAME })), {
    name: 'ResourceNotFoundException',
  })
  const again = await fetchSigned(`${server.endpoint}/_standpipe/health`)
  assert.deepEqual(((await again.json()) as typeof health).problems, [])
})

test('neither deletion nor the end of the server waits for a query', { timeout: 60_000 }, async (t) => {
  const { server, firehose, create, put } = await startLab(t)
  await create('{customer:(def f: f; f)}')
  await create('{customer:(def f: f; f)}', 'other')
  await put({ n: 1 })
  await put({ n: 1 }, 'other')
  const moved = server.clock.advance(1).catch(() => undefined)
  const startedAt = performance.now()
  await firehose.send(new DeleteDeliveryStreamCommand({ DeliveryStreamName: NAME }))
  await server.close()
  assert.ok(performance.now() - startedAt < 10_000)
  await moved
})
