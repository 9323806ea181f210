import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import { CreateStreamCommand, KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis'
import type { RecordPage } from '../../src/api/views.ts'
import { callMain } from '../cli/call-main.ts'
import { aggregateOf, keyless } from '../firehose/kpl-aggregate.ts'
import { clientOf, startServer } from '../server.ts'

const StreamName = 'clicks'

/** A stream with a plain record, an aggregate of three, a damaged aggregate, and one more plain record. */
async function open(t: TestContext) {
  const { endpoint, clientConfig } = await startServer(t)
  const kinesis = clientOf(t, new KinesisClient(clientConfig))
  await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }))
  const put = async (data: Uint8Array | string) => {
    const Data = Buffer.from(data)
    const answer = await kinesis.send(new PutRecordCommand({ StreamName, PartitionKey: 'a', Data }))
    return answer.SequenceNumber!
  }
  const port = new URL(endpoint).port
  const tail = async (...flags: string[]) => {
    const { code, out, err } = await callMain(['tail', StreamName, '--no-follow', '--port', port, ...flags])
    assert.equal(code, 0, err.join('\n'))
    return out
  }
  const page = async (query = ''): Promise<RecordPage> => {
    const answer = await fetch(`${endpoint}/_standpipe/api/streams/${StreamName}/records?${query}`)
    assert.equal(answer.status, 200)
    return (await answer.json()) as RecordPage
  }
  return { put, tail, page }
}

const AGGREGATE = aggregateOf([
  { partitionKey: 'ada', data: Buffer.from('{"n":1}') },
  { partitionKey: 'bob', explicitHashKey: '17', data: Buffer.from('{"n":2}\n') },
  { partitionKey: 'ada', data: Buffer.from('{"n":3}') },
])

test('tail prints what is inside an aggregate, with --raw the aggregate, and a damaged one as it is', async (t) => {
  const { put, tail } = await open(t)
  await put('before')
  const sequenceNumber = await put(AGGREGATE)
  const damaged = Buffer.from(AGGREGATE)
  damaged[9]! ^= 1
  await put(damaged)
  await put(keyless(Buffer.from('x')))
  const base64 = (data: Buffer) => `base64:${data.toString('base64')}`
  const rest = [base64(damaged), base64(keyless(Buffer.from('x')))]
  assert.deepEqual(await tail(), ['before', '{"n":1}', '{"n":2}', '{"n":3}', ...rest])
  assert.deepEqual(await tail('--raw'), ['before', base64(AGGREGATE), ...rest])
  assert.deepEqual(await tail('--limit', '3'), ['before', '{"n":1}', '{"n":2}'])
  const [, , second] = (await tail('--json')).map((line) => JSON.parse(line))
  assert.partialDeepStrictEqual(second, {
    ...{ sequenceNumber, subSequenceNumber: 1, partitionKey: 'bob', data: '{"n":2}\n' },
  })
})

test('the record API shows user records under the one sequence number, each with its own keys', async (t) => {
  const { put, page } = await open(t)
  const sequenceNumber = await put(AGGREGATE)
  const { records } = await page()
  assert.deepEqual(
    records.map((one) => [one.sequenceNumber, one.subSequenceNumber, one.partitionKey, one.hashKey]),
    [
      [sequenceNumber, 0, 'ada', hashKeyOf('ada')],
      [sequenceNumber, 1, 'bob', '17'],
      [sequenceNumber, 2, 'ada', hashKeyOf('ada')],
    ],
  )
  assert.equal(Buffer.from(records[2]!.data, 'base64').toString(), '{"n":3}')
  const [raw, ...others] = (await page('raw=true')).records
  assert.deepEqual(others, [])
  assert.partialDeepStrictEqual(raw, { partitionKey: 'a', data: AGGREGATE.toString('base64') })
  assert.ok(!('subSequenceNumber' in raw!))
})

test('a page holds no more user records than were asked for, or those of one aggregate, and pages leave none out', async (t) => {
  const { put, page } = await open(t)
  const texts = Array.from({ length: 60 }, (_, n) => `record ${n}`)
  for (let at = 0; at < texts.length; at += 20)
    await put(
      aggregateOf(texts.slice(at, at + 20).map((text) => ({ partitionKey: 'a', data: Buffer.from(text) }))),
    )
  const seen: string[][] = []
  let from = 'oldest'
  for (let atTip = false; !atTip; ) {
    const answer = await page(`limit=${seen.length === 0 ? 5 : 45}&from=${from}`)
    seen.push(answer.records.map(({ data }) => Buffer.from(data, 'base64').toString()))
    from = `next:${answer.next}`
    atTip = answer.atTip
  }
  assert.deepEqual(seen.flat(), texts)
  assert.deepEqual(
    seen.map(({ length }) => length),
    [20, 40],
  )
})

const hashKeyOf = (partitionKey: string) =>
  BigInt(`0x${createHash('md5').update(partitionKey).digest('hex')}`).toString()
