import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CreateStreamCommand, KinesisClient } from '@aws-sdk/client-kinesis'
import {
  CreateBucketCommand,
  ListObjectVersionsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { fetchSigned } from '../client-access.ts'
import { temporaryFolder } from '../process.ts'
import { clientOf, startServer } from '../server.ts'

const MIB = 2 ** 20
const Bucket = 'lake'
const Status = 'Enabled' as const

/** A server whose folder has no room left for objects; `maxDisk`: what it is started with. */
async function started(t: Parameters<typeof startServer>[0], data: string, maxDisk: number) {
  const standpipe = await startServer(t, { data, ephemeral: false, maxDisk })
  const config = { ...standpipe.clientConfig, maxAttempts: 1 }
  const s3 = clientOf(t, new S3Client(config))
  const own = async (path: string, body?: object) => {
    const asked = body && {
      ...{ method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } },
    }
    const answer = await fetchSigned(`${standpipe.endpoint}/_standpipe/${path}`, asked)
    const text = await answer.text()
    return { status: answer.status, ...JSON.parse(text) } as { status: number | string; problemCount: number }
  }
  const put = (index: number) =>
    s3.send(new PutObjectCommand({ Bucket, Key: `k${index}`, Body: new Uint8Array(12 * MIB) }))
  const tag = () =>
    s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: [{ Key: 'a', Value: 'b' }] } }))
  return { standpipe, s3, own, put, tag, kinesis: clientOf(t, new KinesisClient(config)) }
}

test('a full server takes the rules by which its objects expire, or a larger --max-disk, and is well when they have', async (t) => {
  const data = temporaryFolder(t)
  const { standpipe, s3, own, put, tag, kinesis } = await started(t, data, 256 * MIB)
  await s3.send(new CreateBucketCommand({ Bucket }))
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }))
  await kinesis.send(new CreateStreamCommand({ StreamName: 'clicks', ShardCount: 1 }))
  const fill = async () => {
    for (let index = 0; index < 30; index++) await put(index)
  }
  await assert.rejects(fill(), { name: 'ServiceUnavailable' })
  await assert.rejects(tag(), { name: 'ServiceUnavailable' })
  const Rules = [
    {
      ...{ ID: 'all', Status, Filter: {}, Expiration: { Days: 1 } },
      NoncurrentVersionExpiration: { NoncurrentDays: 1 },
    },
  ]
  await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }))
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Suspended' } }))
  assert.equal((await own('api/quotas/bucket/lake', { bytes: 1_000 * MIB })).status, 200)
  assert.equal((await own('api/quotas/stream/clicks', { bytes: MIB })).status, 200)
  assert.equal((await own('health')).status, 'failing')
  await standpipe.close()
  const larger = await started(t, data, 512 * MIB)
  await larger.tag()
  assert.equal((await larger.own('health')).status, 'ok')
  await larger.standpipe.close()
  const again = await started(t, data, 256 * MIB)
  await assert.rejects(again.put(100), { name: 'ServiceUnavailable' })
  assert.equal((await again.own('health')).status, 'failing')
  await again.standpipe.clock.advance('10d')
  // Behind the answer; whoever asks for its health has the server look again at once.
  for (let look = 0; (await again.own('health')).status !== 'ok'; look++) assert.ok(look < 1_000)
  assert.equal((await again.s3.send(new ListObjectVersionsCommand({ Bucket }))).Versions, undefined)
  await again.put(0)
  await again.tag()
})
