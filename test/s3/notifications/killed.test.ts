import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CreateStreamCommand, KinesisClient } from '@aws-sdk/client-kinesis'
import {
  CreateBucketCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { CLIENT_KEY } from '../../client-access.ts'
import { startProcess, temporaryFolder } from '../../process.ts'
import { startReceiver } from '../../remote/webhook-receiver.ts'
import { Bucket, recordsOf, StreamName } from './landed-events.ts'

const KILLS = 2
const PUTS = 40
const FLAGS = ['--port', '0', '--limits', 'off', '--log-level', 'error']

test('no event of an object that was acknowledged is lost by a kill', async (t) => {
  const data = temporaryFolder(t)
  const receiver = await startReceiver(t, [])
  const acknowledged: string[] = []
  const live = async (act: (s3: S3Client, kinesis: KinesisClient) => Promise<void>, more: string[] = []) => {
    const server = await startProcess(t, [...FLAGS, '--data', data, ...more])
    const config = { endpoint: server.endpoint, region: 'us-east-1', credentials: CLIENT_KEY, maxAttempts: 1 }
    const s3 = new S3Client({ ...config, forcePathStyle: true })
    const kinesis = new KinesisClient(config)
    await act(s3, kinesis)
    await server.kill()
    s3.destroy()
    kinesis.destroy()
  }
  await live(async (s3, kinesis) => {
    await s3.send(new CreateBucketCommand({ Bucket }))
    await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }))
    const Events = ['s3:ObjectCreated:*' as const]
    const FilterRules = (Value: string) => ({ Key: { FilterRules: [{ Name: 'suffix' as const, Value }] } })
    const arn = `arn:aws:kinesis:us-east-1:000000000000:stream/${StreamName}`
    await s3.send(
      new PutBucketNotificationConfigurationCommand({
        Bucket,
        SkipDestinationValidation: true,
        NotificationConfiguration: {
          QueueConfigurations: [
            { QueueArn: arn, Events, Filter: FilterRules('s') },
            { QueueArn: 'arn:standpipe:webhook:::hook', Events, Filter: FilterRules('w') },
          ],
        },
      }),
    )
  })
  for (let kill = 0; kill < KILLS; kill++)
    await live(async (s3) => {
      const puts = Array.from({ length: PUTS }, (_, n) => `${kill}/${n}${n % 2 ? 's' : 'w'}`)
      const answers = puts.map((Key) =>
        s3.send(new PutObjectCommand({ Bucket, Key, Body: Key })).then(() => acknowledged.push(Key)),
      )
      await Promise.any(answers.slice(PUTS / 2))
      void Promise.allSettled(answers)
    })
  // Until now there was no such webhook: all of its events are owed.
  assert.deepEqual(receiver.requests, [])
  const seeAll = async (_: S3Client, kinesis: KinesisClient) => {
    const wanted = () => acknowledged.toSorted().join(' ')
    const told = async () => {
      const bodies = [
        ...(await recordsOf(kinesis)).map(({ body }) => body),
        ...receiver.requests.map(({ body }) => JSON.parse(body)),
      ]
      const keys = bodies.map(({ Records: [{ s3 }] }) => decodeURIComponent(s3.object.key))
      return acknowledged
        .filter((key) => keys.includes(key))
        .toSorted()
        .join(' ')
    }
    // Who was killed is waited for: its lease runs out.
    for (let looks = 0; looks < 150 && (await told()) !== wanted(); looks++)
      await new Promise((resolve) => setTimeout(resolve, 100))
    assert.ok(acknowledged.length >= KILLS)
    assert.equal(await told(), wanted())
  }
  await live(seeAll, ['--webhook', `hook=${receiver.origin}/`])
})
