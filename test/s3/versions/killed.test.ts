import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CreateDeliveryStreamCommand, FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose'
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { CLIENT_KEY } from '../../client-access.ts'
import { startProcess, temporaryFolder } from '../../process.ts'
import { boundS3 } from '../bound-s3.ts'

const Bucket = 'lake'
const KILLS = 3
const RECORDS = 200

test('a batch that is repeated after a kill makes no second version', async (t) => {
  const data = temporaryFolder(t)
  const sent: string[] = []
  const puts: string[] = []
  const live = async (act: (s3: S3Client, firehose: FirehoseClient) => Promise<void>) => {
    const server = await startProcess(t, ['--port', '0', '--data', data, '--log-level', 'error'])
    const config = { endpoint: server.endpoint, region: 'us-east-1', credentials: CLIENT_KEY }
    const s3 = new S3Client({ ...config, forcePathStyle: true })
    const firehose = new FirehoseClient(config)
    await act(s3, firehose)
    await server.kill()
    s3.destroy()
    firehose.destroy()
  }
  await live(async (s3, firehose) => {
    await s3.send(new CreateBucketCommand({ Bucket }))
    const VersioningConfiguration = { Status: 'Enabled' as const }
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }))
    await firehose.send(
      new CreateDeliveryStreamCommand({
        DeliveryStreamName: 'in',
        ExtendedS3DestinationConfiguration: {
          RoleARN: 'arn:aws:iam::000000000000:role/firehose',
          BucketARN: `arn:aws:s3:::${Bucket}`,
          Prefix: 'in/',
          BufferingHints: { IntervalInSeconds: 0, SizeInMBs: 1 },
        },
      }),
    )
  })
  for (let kill = 0; kill < KILLS; kill++)
    await live(async (s3, firehose) => {
      const Records = Array.from({ length: RECORDS }, (_, number) => `${kill} ${number}\n`)
      const Data = Records.map((text) => ({ Data: Buffer.from(text) }))
      await firehose.send(new PutRecordBatchCommand({ DeliveryStreamName: 'in', Records: Data }))
      sent.push(...Records)
      puts.push((await s3.send(new PutObjectCommand({ Bucket, Key: 'mine', Body: `${kill}` }))).VersionId!)
    })
  await live(async (s3) => {
    const seen = async () => {
      const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: 'in/' }))
      const texts = await Promise.all(
        Versions.map(async ({ Key, VersionId }) => {
          const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key, VersionId }))
          return Body!.transformToString()
        }),
      )
      return texts.join('').split(/(?<=\n)/)
    }
    for (let looks = 0; looks < 100 && (await seen()).length < sent.length; looks++)
      await new Promise((resolve) => setTimeout(resolve, 100))
    // All versions of all keys together hold each record once.
    assert.deepEqual((await seen()).sort(), [...sent].sort())
    const mine = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: 'mine' }))
    assert.deepEqual(
      mine.Versions?.map(({ VersionId }) => VersionId),
      puts.toReversed(),
    )
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'mine', VersionId: puts.at(-1) }))
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: 'mine' }))
    assert.equal(await Body!.transformToString(), `${KILLS - 2}`)
  })
})

test('of many who write one key at the same time each has its version', async () => {
  const { call, put, get } = await boundS3()
  const VersioningConfiguration = { Status: 'Enabled' }
  await call('PutBucketVersioning', { Bucket, VersioningConfiguration })
  const done = await Promise.all(
    Array.from({ length: 24 }, (_, number) =>
      number % 4 === 3 ? call('DeleteObject', { Bucket, Key: 'k' }) : put('k', `${number}`),
    ),
  )
  const { Versions, DeleteMarkers } = await call('ListObjectVersions', { Bucket })
  const all = [...Versions, ...DeleteMarkers]
  assert.deepEqual(
    new Set(all.map(({ VersionId }) => VersionId)),
    new Set(done.map(({ VersionId }) => VersionId)),
  )
  assert.equal(all.filter(({ IsLatest }) => IsLatest).length, 1)
  for (const [number, { VersionId, DeleteMarker }] of done.entries())
    if (!DeleteMarker) assert.equal(await get('k', { VersionId }), `${number}`)
})
