import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { ByteRangeView, LabStepView, OriginView, Overview, RecordPage } from '../../src/api/views.ts'
import { startServer } from '../server.ts'

interface Failed {
  readonly code: string
}
interface Landed {
  readonly landed: readonly { readonly bucket: string; readonly key: string }[]
}

const RoleARN = 'arn:aws:iam::000000000000:role/firehose'

/** A server with a stream of two shards, a bucket and a delivery stream between them. */
async function startPipeline(t: TestContext) {
  const standpipe = await startServer(t)
  const api = `${standpipe.endpoint}/_standpipe/api/`
  const get = async <T>(path: string): Promise<T> => (await fetch(api + path)).json() as Promise<T>
  const post = (path: string, body: object) =>
    fetch(api + path, { method: 'POST', body: JSON.stringify(body) })
  const aws = async (operation: string, input: object) => {
    const answer = await post(`aws/${operation}`, input)
    assert.equal(answer.status, 200, await answer.clone().text())
    return answer.json()
  }
  await aws('kinesis/CreateStream', { StreamName: 'clicks', ShardCount: 2 })
  await aws('s3/CreateBucket', { Bucket: 'archive' })
  await aws('firehose/CreateDeliveryStream', {
    DeliveryStreamName: 'to-archive',
    DeliveryStreamType: 'KinesisStreamAsSource',
    KinesisStreamSourceConfiguration: {
      KinesisStreamARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/clicks',
      RoleARN,
    },
    ExtendedS3DestinationConfiguration: { RoleARN, BucketARN: 'arn:aws:s3:::archive' },
  })
  const put = (texts: readonly string[]) =>
    aws('kinesis/PutRecords', {
      StreamName: 'clicks',
      Records: texts.map((text) => ({ PartitionKey: text, Data: Buffer.from(text).toString('base64') })),
    })
  return { standpipe, api, get, post, aws, put }
}

const textOf = (data: string) => Buffer.from(data, 'base64').toString()

test('records of all shards are read in pages, each once and in their order, from any position', async (t) => {
  const { get, put } = await startPipeline(t)
  const texts = Array.from({ length: 25 }, (_, index) => `r${index}`)
  for (const text of texts) await put([text])
  const seen: string[] = []
  let from = 'oldest'
  let page: RecordPage
  do {
    page = await get<RecordPage>(`streams/clicks/records?limit=7&from=${from}`)
    seen.push(...page.records.map(({ data }) => textOf(data)))
    from = `next:${page.next}`
  } while (!page.atTip)
  assert.deepEqual(seen, texts)
  const all: RecordPage = await get('streams/clicks/records')
  const third = all.records[2]!
  const after: RecordPage = await get(`streams/clicks/records?from=after:${third.sequenceNumber}`)
  assert.deepEqual(
    after.records.map(({ data }) => textOf(data)),
    texts.slice(3),
  )
  const at: RecordPage = await get(`streams/clicks/records?from=at:${third.sequenceNumber}&limit=1`)
  assert.deepEqual(at.records, [third])
  assert.deepEqual((await get<RecordPage>('streams/clicks/records?from=newest')).records, [])
  const one: RecordPage = await get(`streams/clicks/records?shard=${third.shardId}`)
  assert.ok(one.records.length > 0 && one.records.every(({ shardId }) => shardId === third.shardId))
  assert.equal((await get<Failed>('streams/clicks/records?from=somewhere')).code, 'BadRequest')
  assert.equal((await get<Failed>('streams/none/records')).code, 'ResourceNotFoundException')
})

test('looking at records makes no consumer, calls no operation and costs nothing', async (t) => {
  const { standpipe, get, put } = await startPipeline(t)
  await put(['a', 'b'])
  const metrics = async () => (await fetch(`${standpipe.endpoint}/_standpipe/metrics`)).text()
  const [cost, before] = [await get('cost'), await metrics()]
  for (let times = 0; times < 20; times++) await get('streams/clicks/records')
  assert.deepEqual(await get('cost'), cost)
  assert.equal(await metrics(), before)
  assert.equal((await get<Overview>('overview')).streams[0]?.consumers, 0)
})

test('an object knows its records, and a record its bytes in the object', async (t) => {
  const { standpipe, get, put, api } = await startPipeline(t)
  await put(['one', 'twelve', 'three', 'fourteen'])
  await standpipe.clock.advance('5m')
  const { records }: RecordPage = await get('streams/clicks/records')
  const { landed } = await get<Landed>(`landed?stream=clicks&sequenceNumber=${records[1]!.sequenceNumber}`)
  const object = new URLSearchParams({ bucket: landed[0]!.bucket, key: landed[0]!.key })
  const bytes = await (await fetch(`${api}objects?${object}`)).text()
  const { origin }: { origin: OriginView } = await get(`objects/origin?${object}`)
  assert.equal(origin.deliveryStream, 'to-archive')
  assert.equal(origin.sourceStream, 'clicks')
  assert.equal(
    origin.ranges.reduce((sum, range) => sum + range.records, 0),
    4,
  )
  for (const { shardId, position, data } of records) {
    const { start, end } = await get<ByteRangeView>(
      `objects/byte-range?${object}&shard=${shardId}&position=${position}`,
    )
    assert.equal(bytes.slice(start, end), textOf(data))
  }
  assert.equal((await get<{ origin: null }>('objects/origin?bucket=archive&key=none')).origin, null)
})

test('an object is handed out as bytes to be saved, whatever it says it is', async (t) => {
  const { standpipe, api } = await startPipeline(t)
  await fetch(`${standpipe.endpoint}/archive/page.html`, {
    method: 'PUT',
    body: '<script>alert(1)</script>',
    headers: { 'content-type': 'text/html' },
  })
  const answer = await fetch(`${api}objects?bucket=archive&key=page.html`, {
    headers: { range: 'bytes=0-7' },
  })
  assert.equal(answer.status, 206)
  assert.equal(answer.headers.get('content-type'), 'application/octet-stream')
  assert.equal(answer.headers.get('x-content-type-options'), 'nosniff')
  assert.match(answer.headers.get('content-disposition') ?? '', /^attachment/)
  assert.equal(await answer.text(), '<script>')
})

test("the console's calls are AWS's operations, with their exceptions", async (t) => {
  const { post } = await startPipeline(t)
  const failing = async (operation: string, input: object) => {
    const answer = await post(`aws/${operation}`, input)
    return [answer.status, ((await answer.json()) as Failed).code]
  }
  assert.deepEqual(await failing('kinesis/CreateStream', { StreamName: 'a b' }), [400, 'ValidationException'])
  assert.deepEqual(await failing('kinesis/CreateStream', { StreamName: 'clicks' }), [
    400,
    'ResourceInUseException',
  ])
  assert.deepEqual(await failing('s3/DeleteBucket', { Bucket: 'none' }), [404, 'NoSuchBucket'])
  assert.deepEqual(await failing('kinesis/Nonsense', {}), [404, 'UnknownOperationException'])
  assert.deepEqual(await failing('s3/GetObject', { Bucket: 'archive', Key: 'a' }), [
    400,
    'UnsupportedOperationException',
  ])
  const answer = await post('aws/kinesis/PutRecord', ['not an object'])
  assert.equal(((await answer.json()) as Failed).code, 'BadRequest')
})

test('events tell what changes, and end when the server stops', async (t) => {
  const { standpipe, api, put } = await startPipeline(t)
  const answer = await fetch(`${api}events?tail=clicks&from=newest`)
  assert.equal(answer.headers.get('content-type'), 'text/event-stream')
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader()
  let heard = ''
  const until = async (pattern: RegExp) => {
    while (!pattern.test(heard)) {
      const { done, value } = await reader.read()
      assert.ok(!done, heard)
      heard += value
    }
  }
  await until(/event: overview\ndata: .*"clicks"/)
  await put(['hello'])
  await until(new RegExp(`event: records\ndata: .*${Buffer.from('hello').toString('base64')}`))
  await standpipe.close()
  while (!(await reader.read()).done);
})

test('the lab ticks itself from observed calls, to the end', async (t) => {
  const { standpipe, get, put, aws, api } = await startPipeline(t)
  const open = async () =>
    (await get<{ steps: LabStepView[] }>('lab')).steps.flatMap(({ step, at }) =>
      at === undefined ? [step] : [],
    )
  const all = await open()
  assert.deepEqual(all, ['record-put', 'record-read', 'object-delivered', 'object-opened', 'cleaned-up'])
  await put(['a'])
  await get('streams/clicks/records')
  await standpipe.clock.advance('5m')
  const { landed } = await get<Landed>(
    `landed?stream=clicks&sequenceNumber=${(await get<RecordPage>('streams/clicks/records')).records[0]!.sequenceNumber}`,
  )
  await (await fetch(`${api}objects?bucket=archive&key=${encodeURIComponent(landed[0]!.key)}`)).text()
  assert.deepEqual(await open(), ['cleaned-up'])
  await aws('firehose/DeleteDeliveryStream', { DeliveryStreamName: 'to-archive' })
  await aws('kinesis/DeleteStream', { StreamName: 'clicks' })
  await aws('s3/DeleteObject', { Bucket: 'archive', Key: landed[0]!.key })
  await aws('s3/DeleteBucket', { Bucket: 'archive' })
  assert.deepEqual(await open(), [])
})

test('HEAD is answered wherever GET is, with the head alone: probes ask so', async (t) => {
  const { endpoint } = await startServer(t)
  for (const path of ['_standpipe/health', '_standpipe/ready', '_standpipe/metrics', '_localstack/health']) {
    const got = await fetch(`${endpoint}/${path}`)
    const head = await fetch(`${endpoint}/${path}`, { method: 'HEAD' })
    assert.deepEqual([head.status, await head.text()], [200, ''], path)
    assert.equal(head.headers.get('content-type'), got.headers.get('content-type'))
    assert.ok(Number(head.headers.get('content-length')) > 0)
  }
  assert.equal((await fetch(`${endpoint}/_standpipe/api/reset`, { method: 'HEAD' })).status, 405)
})
