import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { Firehose } from '@aws-sdk/client-firehose'
import { clientOf } from '../../server.ts'
import { DAMAGES, damageLab, type Got } from './damage-lab.ts'

const MiB = 2 ** 20
const BYTES = randomBytes(3 * MiB + 12_345)
const rangeOf = (start: number, end: number) => ({ headers: { range: `bytes=${start}-${end - 1}` } })
const isInternalError = ({ status, body, isCut }: Got) =>
  status === 500 && !isCut && /<Code>InternalError<\/Code>/.test(body.toString())

/** Where each damage shows at once: what changes the length, and what lies in the first MiB that is read. */
for (const [name, damage] of Object.entries(DAMAGES))
  for (const at of [5, 2 * MiB + 77]) {
    const isOfLength = !/flips|zeroes/.test(name)
    test(`who ${name} at byte ${at} of an object makes nobody read wrong bytes, nor wait`, async (t) => {
      const lab = await damageLab(t)
      const file = await lab.put('object', BYTES)
      await damage(file, at)
      for (const send of [lab.send1, lab.send2]) {
        const whole = await send('GET', '/lake/object')
        if (isOfLength || at < MiB) assert.ok(isInternalError(whole), `${whole.status}, ${whole.isCut}`)
        else {
          assert.deepEqual([whole.status, whole.isCut], [200, true])
          assert.ok(whole.body.equals(BYTES.subarray(0, whole.body.length)))
          assert.ok(whole.body.length <= 2 * MiB)
        }
        assert.ok(isInternalError(await send('GET', '/lake/object', rangeOf(at, at + 1))))
        assert.ok(isInternalError(await send('GET', '/lake/object', rangeOf(at + 9_000, at + 9_001))))
        assert.equal((await send('HEAD', '/lake/object')).status, 200)
        if (isOfLength) continue
        const intact = await send('GET', '/lake/object', rangeOf(MiB + 3, 2 * MiB))
        assert.ok(intact.status === 206 && intact.body.equals(BYTES.subarray(MiB + 3, 2 * MiB)))
      }
      const [problem, ...others] = await lab.problems()
      assert.deepEqual([problem?.code, problem?.where, others], ['Damaged', 'bucket lake', []])
      assert.match(problem!.what, /^object "object" is damaged/)
      if (!isOfLength) assert.match(problem!.what, new RegExp(`at byte ${at - (at % MiB)} `))
      assert.equal(lab.lines.length, 1)
    })
  }

test('no copy is made of a damaged object, whole or in part, and nothing of it stays', async (t) => {
  const lab = await damageLab(t)
  const file = await lab.put('object', BYTES)
  await DAMAGES['flips a bit']!(file, 2 * MiB + 77)
  const from = { 'x-amz-copy-source': '/lake/object' }
  for (const headers of [from, { ...from, 'x-amz-checksum-algorithm': 'SHA256' }])
    assert.ok(isInternalError(await lab.send1('PUT', '/lake/copy', { headers })))
  const started = await lab.send1('POST', '/lake/parts?uploads')
  const id = /<UploadId>(.*)<\/UploadId>/.exec(started.body.toString())![1]
  const part = (range?: string) =>
    lab.send1('PUT', `/lake/parts?partNumber=1&uploadId=${id}`, {
      headers: { ...from, ...(range !== undefined && { 'x-amz-copy-source-range': range }) },
    })
  assert.ok(isInternalError(await part()))
  assert.ok(isInternalError(await part(`bytes=${2 * MiB}-${2 * MiB + 9}`)))
  assert.equal((await part(`bytes=${MiB}-${2 * MiB - 1}`)).status, 200)
  assert.equal((await lab.send1('GET', '/lake/copy')).status, 404)
  assert.equal(lab.blobs().length, 2)
  assert.equal((await lab.problems()).length, 1)
})

test('an object in parts is cut where a part is damaged or gone, and its other parts are served', async (t) => {
  const lab = await damageLab(t)
  const parts = [randomBytes(5 * MiB), randomBytes(5 * MiB), Buffer.from('a small last part')]
  const started = await lab.send1('POST', '/lake/parts?uploads')
  const id = /<UploadId>(.*)<\/UploadId>/.exec(started.body.toString())![1]
  const files: string[] = []
  for (const [index, body] of parts.entries()) {
    const before = new Set(lab.blobs())
    await lab.send1('PUT', `/lake/parts?partNumber=${index + 1}&uploadId=${id}`, { body })
    files.push(...lab.blobs().filter((file) => !before.has(file)))
  }
  // A completion does not touch the bytes, so that it does not see what becomes of them.
  await DAMAGES['flips a bit']!(files[1]!, MiB + 1)
  const etagOf = (bytes: Buffer) => createHash('md5').update(bytes).digest('hex')
  const named = parts.map(
    (bytes, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${etagOf(bytes)}</ETag></Part>`,
  )
  const completed = await lab.send1('POST', `/lake/parts?uploadId=${id}`, {
    body: `<CompleteMultipartUpload>${named.join('')}</CompleteMultipartUpload>`,
  })
  assert.equal(completed.status, 200)
  const all = Buffer.concat(parts)
  const cutAt = async (at: number) => {
    for (const send of [lab.send1, lab.send2]) {
      const whole = await send('GET', '/lake/parts')
      assert.deepEqual([whole.status, whole.isCut], [200, true])
      assert.ok(whole.body.length <= at && whole.body.equals(all.subarray(0, whole.body.length)))
      const last = await send('GET', '/lake/parts?partNumber=3')
      assert.equal(last.body.toString(), 'a small last part')
    }
    assert.match((await lab.problems())[0]!.what, new RegExp(`at byte ${at} `))
  }
  await cutAt(6 * MiB)
  assert.ok(isInternalError(await lab.send1('GET', '/lake/parts', rangeOf(6 * MiB, 11 * MiB))))
  DAMAGES.removes!(files[1]!, 0)
  await cutAt(5 * MiB)
  assert.ok(isInternalError(await lab.send1('GET', '/lake/parts?partNumber=2')))
  DAMAGES.removes!(files[0]!, 0)
  assert.ok(isInternalError(await lab.send1('GET', '/lake/parts')))
})

test('objects that are damaged are one problem of their bucket, until they are deleted or put again', async (t) => {
  const lab = await damageLab(t)
  for (const key of ['a', 'b', 'c']) {
    const file = await lab.put(key, BYTES)
    await DAMAGES['flips a bit']!(file, 0)
    for (const _ of [1, 2]) assert.ok(isInternalError(await lab.send1('GET', `/lake/${key}`)))
  }
  const whats = async () => (await lab.problems()).map(({ what }) => what)
  const [what, ...others] = await whats()
  assert.match(what!, /^object "c" is damaged .*, and 2 more of this bucket/)
  assert.deepEqual([others, lab.lines.length], [[], 3])
  await lab.send1('DELETE', '/lake/c')
  assert.match((await whats())[0]!, /^object "b" .*, and 1 more/)
  await lab.send1('PUT', '/lake/b', { body: BYTES })
  await lab.send1('POST', '/lake?delete', {
    body: '<Delete><Object><Key>a</Key></Object></Delete>',
    headers: {
      'content-md5': createHash('md5')
        .update('<Delete><Object><Key>a</Key></Object></Delete>')
        .digest('base64'),
    },
  })
  assert.deepEqual(await whats(), [])
  assert.ok((await lab.send1('GET', '/lake/b')).body.equals(BYTES))
})

test('a start neither looks for damage in objects nor takes any of them away', async (t) => {
  const lab = await damageLab(t)
  const [file, other] = [await lab.put('object', BYTES), await lab.put('other', BYTES)]
  await lab.server().close()
  await DAMAGES['flips a bit']!(file, 0)
  DAMAGES.removes!(other, 0)
  await lab.restart()
  assert.deepEqual([lab.blobs(), await lab.problems()], [[file], []])
  assert.match((await lab.send1('GET', '/lake?list-type=2')).body.toString(), /<KeyCount>2</)
  for (const key of ['object', 'other']) assert.ok(isInternalError(await lab.send1('GET', `/lake/${key}`)))
  assert.match((await lab.problems())[0]!.what, /"other" .*, and 1 more/)
})

test('what Firehose has delivered is verified like everything else', async (t) => {
  const lab = await damageLab(t)
  const { clientConfig } = lab.server()
  const firehose = clientOf(t, new Firehose(clientConfig))
  const DeliveryStreamName = 'clicks'
  await firehose.createDeliveryStream({
    DeliveryStreamName,
    ExtendedS3DestinationConfiguration: {
      RoleARN: 'arn:aws:iam::123456789012:role/firehose',
      BucketARN: 'arn:aws:s3:::lake',
      CompressionFormat: 'GZIP',
    },
  })
  const records = [1, 2, 3].map(() => ({ Data: randomBytes(500_000) }))
  for (const Record of records) await firehose.putRecord({ DeliveryStreamName, Record })
  await lab.server().deliver(DeliveryStreamName)
  const listed = (await lab.send1('GET', '/lake?list-type=2')).body.toString()
  const key = /<Key>(.*)<\/Key>/.exec(listed)![1]
  const { body } = await lab.send1('GET', `/lake/${key}`)
  assert.ok(gunzipSync(body).equals(Buffer.concat(records.map(({ Data }) => Data))))
  await DAMAGES['zeroes a page']!(lab.blobs()[0]!, MiB + 1)
  const cut = await lab.send1('GET', `/lake/${key}`)
  assert.deepEqual([cut.status, cut.isCut, cut.body.length <= MiB], [200, true, true])
  await DAMAGES['flips a bit']!(lab.blobs()[0]!, 0)
  assert.ok(isInternalError(await lab.send1('GET', `/lake/${key}`)))
})
