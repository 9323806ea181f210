import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { globSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { ListDeliveryStreamsCommand } from '@aws-sdk/client-firehose'
import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListChannelsCommand,
  ListShardsCommand,
  ListTagsForStreamCommand,
} from '@aws-sdk/client-kinesis'
import {
  CompleteMultipartUploadCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  ListObjectsV2Command,
} from '@aws-sdk/client-s3'
import { inspectFolder } from '../../src/engine/embedded/folder/inspect.ts'
import { start } from '../../src/start.ts'
import { temporaryFolder } from '../process.ts'
import {
  BLOB,
  Bucket,
  type Clients,
  type Contents,
  clientsOf,
  PART,
  STREAMS,
  textsOf,
  UPLOADED,
} from './contents.ts'

const LIVES = [1, 2]

/** What lies in test/folders: a folder of each version, as a release left it after a kill. */
const names = globSync('*.tar.gz', { cwd: import.meta.dirname })
  .map((name) => basename(name, '.tar.gz'))
  .sort()

function unpacked(context: TestContext, name: string): string {
  const folder = join(temporaryFolder(context), 'data')
  mkdirSync(folder)
  execFileSync('tar', ['-xzf', join(import.meta.dirname, `${name}.tar.gz`), '-C', folder])
  return folder
}

async function recordsOf({ kinesis }: Clients, StreamName: string): Promise<[string, string, string][]> {
  const found: [string, string, string][] = []
  const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName }))
  for (const { ShardId } of Shards) {
    const start = { StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' } as const
    let { ShardIterator } = await kinesis.send(new GetShardIteratorCommand(start))
    while (ShardIterator) {
      const answer = await kinesis.send(new GetRecordsCommand({ ShardIterator }))
      for (const { Data, SequenceNumber } of answer.Records!)
        found.push([Buffer.from(Data!).toString(), ShardId!, SequenceNumber!])
      ShardIterator = answer.MillisBehindLatest === 0 ? undefined : answer.NextShardIterator
    }
  }
  return found
}

async function bytesOf({ s3 }: Clients, Key: string): Promise<Buffer> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }))
  return Buffer.from(await Body!.transformToByteArray())
}
async function textUnder(clients: Clients, Prefix: string): Promise<string[]> {
  const { Contents = [] } = await clients.s3.send(new ListObjectsV2Command({ Bucket, Prefix }))
  const texts: string[] = []
  for (const { Key } of Contents) texts.push((await bytesOf(clients, Key!)).toString())
  return texts
    .join('')
    .split(/(?<=\n)/)
    .sort()
}
/** A failure tells numbers, not fillers. */
const brief = (texts: readonly string[]) => texts.map((text) => text.replace(/"filler.*/, ''))
const textsOfAll = (source: string) => LIVES.flatMap((life) => textsOf(life, source))

test('there is a folder of every version', () => {
  assert.ok(names.includes('version-1'))
})

for (const name of names)
  test(`a data folder of ${name} opens with everything in it, and again`, async (context) => {
    const data = unpacked(context, name)
    const { records, uploadId, partETag, time }: Contents = JSON.parse(
      readFileSync(join(import.meta.dirname, `${name}.json`), 'utf8'),
    )
    const open = async () => {
      const server = await start({ port: 0, data, clock: 'manual', limits: 'off' })
      context.after(() => server.close())
      return { server, clients: clientsOf(server.endpoint) }
    }
    const first = await open()
    const { clients } = first
    assert.ok(first.server.clock.now().getTime() >= time, 'the clock stays where it was moved to')
    for (const stream of [...STREAMS, 'archived']) {
      const expected = textsOfAll(stream).map((text, index) => [text, ...records[stream]![index]!])
      assert.deepEqual((await recordsOf(clients, stream)).sort(), expected.sort(), stream)
    }
    const { Tags } = await clients.kinesis.send(new ListTagsForStreamCommand({ StreamName: 'orders' }))
    assert.deepEqual(Tags, [{ Key: 'team', Value: 'water' }])
    const { ChannelSummaries = [] } = await clients.kinesis.send(new ListChannelsCommand({}))
    assert.deepEqual(
      ChannelSummaries.map(({ ChannelName }) => ChannelName),
      ['archive'],
    )
    const { DeliveryStreamNames } = await clients.firehose.send(new ListDeliveryStreamsCommand({}))
    assert.deepEqual(DeliveryStreamNames, ['by-customer', 'direct', 'from-orders'])

    assert.equal((await bytesOf(clients, 'inline')).toString(), 'a small object')
    assert.ok((await bytesOf(clients, 'blob')).equals(BLOB))
    const { TagSet } = await clients.s3.send(new GetObjectTaggingCommand({ Bucket, Key: 'blob' }))
    assert.deepEqual(TagSet, [{ Key: 'kind', Value: 'blob' }])
    await clients.s3.send(
      new CompleteMultipartUploadCommand({
        ...{ Bucket, Key: UPLOADED, UploadId: uploadId },
        MultipartUpload: { Parts: [{ PartNumber: 1, ETag: partETag }] },
      }),
    )
    assert.ok((await bytesOf(clients, UPLOADED)).equals(PART))

    // What was still in buffers is delivered, each record once.
    await clients.advance('20m')
    assert.deepEqual(brief(await textUnder(clients, 'direct/')), brief(textsOfAll('direct').sort()))
    assert.deepEqual(brief(await textUnder(clients, 'from-orders/')), brief(textsOfAll('orders').sort()))
    assert.deepEqual(brief(await textUnder(clients, 'by/')), brief(textsOfAll('by-customer').sort()))
    assert.deepEqual(
      brief(await textUnder(clients, 'kinesis-channel/archive/')),
      brief(textsOfAll('archived').sort()),
    )
    await first.server.close()

    await inspectFolder(data, { blobsPrefix: 's3/x/' })
    const again = await open()
    assert.equal((await recordsOf(again.clients, 'orders')).length, 240)
    assert.ok((await bytesOf(again.clients, 'blob')).equals(BLOB))
    await again.server.close()
    assert.deepEqual(
      readdirSync(join(data, 'log')).filter((file) => /\.tmp$/.test(file)),
      [],
    )
  })
