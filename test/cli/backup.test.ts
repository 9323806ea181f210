import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { Firehose } from '@aws-sdk/client-firehose'
import { Kinesis } from '@aws-sdk/client-kinesis'
import { NoSuchKey, S3 } from '@aws-sdk/client-s3'
import { runCli, startProcess, temporaryFolder } from '../process.ts'
import { clientOf } from '../server.ts'
import { until } from '../until.ts'

const portOf = (endpoint: string) => new URL(endpoint).port
const startOn = (t: TestContext, data: string) =>
  startProcess(t, ['--port', '0', '--data', data, '--clock', 'manual', '--limits', 'off'])

function clientsOf(t: TestContext, endpoint: string) {
  const config = {
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'standpipe', secretAccessKey: 'standpipe' },
  }
  return {
    kinesis: clientOf(t, new Kinesis(config)),
    firehose: clientOf(t, new Firehose(config)),
    s3: clientOf(t, new S3({ ...config, forcePathStyle: true })),
  }
}

const deliver = (endpoint: string) =>
  fetch(`${endpoint}/_standpipe/api/delivery-streams/clicks/deliver`, { method: 'POST' })

/** Every number that was delivered, as often as it was. */
async function deliveredTo({ s3 }: ReturnType<typeof clientsOf>): Promise<number[]> {
  const numbers: number[] = []
  let ContinuationToken: string | undefined
  do {
    const page = await s3.listObjectsV2({ Bucket: 'lake', Prefix: 'clicks/', ContinuationToken })
    for (const { Key } of page.Contents ?? []) {
      const text = await (await s3.getObject({ Bucket: 'lake', Key })).Body!.transformToString()
      numbers.push(...text.trim().split('\n').map(Number))
    }
    ContinuationToken = page.NextContinuationToken
  } while (ContinuationToken !== undefined)
  return numbers.sort((a, b) => a - b)
}

async function bytesOf(s3: S3, Key: string): Promise<Uint8Array | undefined> {
  try {
    return await (await s3.getObject({ Bucket: 'lake', Key })).Body!.transformToByteArray()
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined
    throw error
  }
}

test('a backup of a server under load is restored with all that was acknowledged, nothing twice', async (t) => {
  const data = temporaryFolder(t)
  const server = await startOn(t, data)
  const clients = clientsOf(t, server.endpoint)
  const { kinesis, firehose, s3 } = clients
  await s3.createBucket({ Bucket: 'lake' })
  await kinesis.createStream({ StreamName: 'clicks', ShardCount: 2 })
  await firehose.createDeliveryStream({
    DeliveryStreamName: 'clicks',
    DeliveryStreamType: 'KinesisStreamAsSource',
    KinesisStreamSourceConfiguration: {
      KinesisStreamARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/clicks',
      RoleARN: 'arn:aws:iam::000000000000:role/firehose',
    },
    ExtendedS3DestinationConfiguration: {
      RoleARN: 'arn:aws:iam::000000000000:role/firehose',
      BucketARN: 'arn:aws:s3:::lake',
      Prefix: 'clicks/',
    },
  })
  let [sent, puts, isOver] = [0, 0, false]
  const acknowledged = new Set<number>()
  const objects = new Map<string, string>()
  const deleted = new Set<string>()
  const forEver = async (work: () => Promise<unknown>) => {
    while (!isOver) await work()
  }
  const putRecord = async () => {
    const number = sent++
    await kinesis.putRecord({
      StreamName: 'clicks',
      PartitionKey: String(number),
      Data: Buffer.from(`${number}\n`),
    })
    acknowledged.add(number)
  }
  const putObject = async () => {
    const [Key, Body] = [`object-${puts++}`, randomBytes(200_000)]
    await s3.putObject({ Bucket: 'lake', Key, Body })
    objects.set(Key, createHash('sha256').update(Body).digest('hex'))
    const [oldest] = objects.keys()
    if (objects.size <= 40) return
    objects.delete(oldest!)
    deleted.add(oldest!)
    await s3.deleteObject({ Bucket: 'lake', Key: oldest! })
  }
  const load = [
    ...Array.from({ length: 8 }, () => forEver(putRecord)),
    ...Array.from({ length: 2 }, () => forEver(putObject)),
    forEver(() => deliver(server.endpoint)),
  ]
  const backups: {
    directory: string
    acknowledged: number[]
    sent: number
    objects: Map<string, string>
    deleted: Set<string>
  }[] = []
  for (const name of ['first', 'second']) {
    await until(() => acknowledged.size >= (backups.length + 1) * 150)
    const before = { acknowledged: [...acknowledged], objects: new Map(objects) }
    const directory = join(temporaryFolder(t), name)
    const { code, stdout, stderr } = await runCli(['backup', directory, '--port', portOf(server.endpoint)])
    assert.equal(code, 0, stderr)
    assert.match(
      stdout,
      new RegExp(`Backed up the server on .* to ${directory}\n\\d+ files copied \\(.*\\), \\d+ files linked`),
    )
    backups.push({ directory, ...before, sent, deleted: new Set(deleted) })
  }
  isOver = true
  await Promise.all(load)
  await server.kill()

  for (const { directory, acknowledged, sent, objects, deleted } of backups) {
    const restored = await startOn(t, directory)
    const again = clientsOf(t, restored.endpoint)
    await deliver(restored.endpoint)
    const delivered = await deliveredTo(again)
    assert.equal(new Set(delivered).size, delivered.length, 'a record was delivered twice')
    const known = new Set(delivered)
    assert.deepEqual(
      acknowledged.filter((number) => !known.has(number)),
      [],
    )
    assert.ok(delivered.every((number) => number < sent))
    for (const [Key, digest] of objects) {
      const bytes = await bytesOf(again.s3, Key)
      assert.ok(bytes || deleted.has(Key), `${Key} is not there`)
      if (bytes) assert.equal(createHash('sha256').update(bytes).digest('hex'), digest)
    }
    assert.match(await (await fetch(`${restored.endpoint}/_standpipe/health`)).text(), /"status":"ok"/)
    await restored.kill()
  }
})

test('a server that was killed is backed up by its folder', async (t) => {
  const data = temporaryFolder(t)
  const server = await startOn(t, data)
  const { s3 } = clientsOf(t, server.endpoint)
  await s3.createBucket({ Bucket: 'lake' })
  await s3.putObject({ Bucket: 'lake', Key: 'object', Body: 'x'.repeat(100_000) })
  const directory = join(temporaryFolder(t), 'backup')
  // Nobody answers on that port, and the folder is in use.
  const used = await runCli(['backup', directory, '--port', '1', '--data', data])
  assert.deepEqual([used.code, existsSync(directory)], [3, false])
  assert.match(used.stderr, /in use by another Standpipe.*give the --port on which it answers/)
  await server.kill()
  const { code, stdout, stderr } = await runCli(['backup', directory, '--port', '1', '--data', data])
  assert.equal(code, 0, stderr)
  assert.match(stdout, new RegExp(`Backed up ${data} to ${directory}\n`))
  const full = await runCli(['backup', directory, '--port', '1', '--data', data, '--json'])
  assert.deepEqual([full.code, full.stdout], [1, ''])
  assert.match(full.stderr, /is not empty/)
  const restored = await startOn(t, directory)
  const answer = await clientsOf(t, restored.endpoint).s3.getObject({ Bucket: 'lake', Key: 'object' })
  assert.equal((await answer.Body!.transformToString()).length, 100_000)
  assert.ok(readdirSync(data).length > 0)
})

test('our own API backs up into an absolute path, and refuses others and a server that keeps nothing', async (t) => {
  const server = await startProcess(t, ['--port', '0', '--ephemeral'])
  const ask = async (body: object) => {
    const answer = await fetch(`${server.endpoint}/_standpipe/api/backup`, {
      method: 'POST',
      body: JSON.stringify(body),
    })
    const { message } = (await answer.json()) as { message: string }
    return [answer.status, message]
  }
  for (const directory of [undefined, 7, '', 'here', '../there'])
    assert.deepEqual(await ask({ directory }), [
      400,
      'directory is an absolute path on the machine of the server.',
    ])
  assert.deepEqual(await ask({ directory: join(temporaryFolder(t), 'x') }), [
    400,
    'this server keeps everything in memory: there is nothing to back up',
  ])
})
