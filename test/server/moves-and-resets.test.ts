import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { CreateStreamCommand, KinesisClient, MergeShardsCommand } from '@aws-sdk/client-kinesis'
import { start } from '../../src/index.ts'
import { measureFloor } from '../prove/fuzz/memory.ts'

const HOUR_MS = 3_600_000
const StreamName = 'resharded'
const SHARDS = { ShardToMerge: 'shardId-000000000000', AdjacentShardToMerge: 'shardId-000000000001' }

function folderOf(test: TestContext): string {
  const data = mkdtempSync(join(tmpdir(), 'standpipe-moves-'))
  test.after(() => rmSync(data, { recursive: true, force: true }))
  return data
}

const onDisk = (data: string) => start({ port: 0, data })

test('moves that overlap all outlive a restart', { timeout: 60_000 }, async (context) => {
  const data = folderOf(context)
  const standpipe = await onDisk(data)
  await Promise.all([1, 2, 3].map(() => standpipe.clock.advance(HOUR_MS)))
  const moved = standpipe.clock.now().getTime()
  await standpipe.close()
  await using again = await onDisk(data)
  assert.ok(again.clock.now().getTime() >= moved)
})

test('a clock that was moved before a reset stays moved over a restart', {
  timeout: 60_000,
}, async (context) => {
  const data = folderOf(context)
  const standpipe = await onDisk(data)
  await standpipe.clock.advance(HOUR_MS)
  await standpipe.reset()
  const moved = standpipe.clock.now().getTime()
  await standpipe.close()
  await using again = await onDisk(data)
  assert.ok(again.clock.now().getTime() >= moved)
})

test('resets and moves that overlap are done one after the other', { timeout: 60_000 }, async (context) => {
  await using standpipe = await onDisk(folderOf(context))
  await Promise.all([
    standpipe.reset(),
    standpipe.clock.advance(HOUR_MS),
    standpipe.reset(),
    standpipe.reset(),
  ])
})

const OBJECT_MIB = 64

test('what a reset has put away is held by nothing, nor by a timer of it that was to come', {
  timeout: 60_000,
}, async (t) => {
  await using standpipe = await start({ port: 0, ephemeral: true, clock: 'manual' })
  const kinesis = new KinesisClient(standpipe.clientConfig)
  t.after(() => kinesis.destroy())
  await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 2 }))
  // The closed shards are given back after a day.
  await kinesis.send(new MergeShardsCommand({ StreamName, ...SHARDS }))
  /** By a connection of its own: one that stays knows its last request. */
  const put = async (path: string, body = Buffer.alloc(0)) => {
    const sent = request(standpipe.endpoint + path, { method: 'PUT', agent: false }).end(body)
    const [answer] = (await once(sent, 'response')) as [IncomingMessage]
    assert.equal(answer.statusCode, 200)
    await once(answer.resume(), 'close')
  }
  await put('/lake')
  const empty = await measureFloor()
  await put('/lake/object', Buffer.alloc(OBJECT_MIB * 2 ** 20))
  await standpipe.reset()
  const { outside } = await measureFloor()
  assert.ok(outside < empty.outside + OBJECT_MIB / 2, `${empty.outside} MiB before, ${outside} MiB after`)
})
