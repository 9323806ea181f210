import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { request } from 'node:http'
import { connect as connectHttp2 } from 'node:http2'
import { test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { poisoned } from '../../poisoned-buffers.ts'
import { temporaryFolder } from '../../process.ts'
import { startServer } from '../../server.ts'

const TARGET = 'Kinesis_20131202.'
const AUTHORIZATION =
  'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/kinesis/aws4_request, SignedHeaders=host, Signature=0'
const headersOf = (operation: string) => ({
  'content-type': 'application/x-amz-json-1.1',
  'x-amz-date': '20260101T000000Z',
  'x-amz-target': TARGET + operation,
  authorization: AUTHORIZATION,
})
type Call = (operation: string, input: object) => Promise<Record<string, unknown>>

/** Takes an answer a little at a time, so that the server still writes it while it goes on with others. */
const slowly =
  (endpoint: string): Call =>
  async (operation, input) => {
    const sent = request(endpoint, { method: 'POST', headers: headersOf(operation) })
    sent.end(JSON.stringify(input))
    const [answer] = await once(sent, 'response')
    const chunks: Buffer[] = []
    for await (const chunk of answer) {
      chunks.push(Buffer.from(chunk))
      for (let turn = 0; turn < 5; turn++) await nextTurn()
    }
    return JSON.parse(Buffer.concat(chunks).toString() || '{}')
  }

const overHttp2 =
  (session: ReturnType<typeof connectHttp2>): Call =>
  async (operation, input) => {
    const stream = session.request({ ':method': 'POST', ':path': '/', ...headersOf(operation) })
    stream.end(JSON.stringify(input))
    const chunks: Buffer[] = []
    for await (const chunk of stream) chunks.push(Buffer.from(chunk))
    return JSON.parse(Buffer.concat(chunks).toString() || '{}')
  }

const REQUESTS = 40
const PER_REQUEST = 250
const DATA_BYTES = 4_096

const digestOf = (data: string) => createHash('md5').update(data).digest('hex')

test('no answer and no file holds what was given back before it was written', async (t) => {
  // So much that a write-ahead log is full and becomes a segment.
  const standpipe = await startServer(t, { ephemeral: false, data: temporaryFolder(t), limits: 'off' })
  const session = connectHttp2(standpipe.endpoint)
  t.after(() => session.close())
  const [http1, http2] = [slowly(standpipe.endpoint), overHttp2(session)]
  await http1('CreateStream', { StreamName: 'orders', ShardCount: 2 })
  await standpipe.clock.advance(60_000)
  const put = new Map<string, string>()
  const bodyOf = (request: number) => ({
    StreamName: 'orders',
    Records: Array.from({ length: PER_REQUEST }, (_, index) => {
      const PartitionKey = `${request}-${index}`
      const Data = randomBytes(DATA_BYTES).toString('base64')
      put.set(PartitionKey, digestOf(Data))
      return { PartitionKey, Data }
    }),
  })
  for (let count = 0; count < REQUESTS; count += 4)
    await Promise.all(
      [0, 1, 2, 3].map((each) => (each % 2 ? http1 : http2)('PutRecords', bodyOf(count + each))),
    )

  for (const call of [http1, http2]) {
    const found = new Map<string, string>()
    const readShard = async (ShardId: string) => {
      const from = { StreamName: 'orders', ShardId, ShardIteratorType: 'TRIM_HORIZON' }
      let { ShardIterator } = await call('GetShardIterator', from)
      for (let behind = 1; behind > 0; ) {
        const answer = await call('GetRecords', { ShardIterator, Limit: 700 })
        for (const { PartitionKey, Data } of answer.Records as { PartitionKey: string; Data: string }[])
          found.set(PartitionKey, digestOf(Data))
        behind = (answer.Records as unknown[]).length
        ShardIterator = answer.NextShardIterator
      }
    }
    await Promise.all(['shardId-000000000000', 'shardId-000000000001'].map(readShard))
    assert.deepEqual(new Map([...found].sort()), new Map([...put].sort()))
  }
  assert.ok(poisoned() > 2 * REQUESTS * PER_REQUEST * DATA_BYTES, `${poisoned()} bytes were given back`)
})
