import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { crc32 } from 'node:zlib'
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { serveS3 } from '../serve-s3.ts'

const DATA = 'data'
const SHA256 = createHash('sha256').update(DATA).digest('base64')
const CRC32 = Buffer.from(crc32(DATA).toString(16).padStart(8, '0'), 'hex').toString('base64')
const BY_CRC32 = { 'x-amz-checksum-crc32': CRC32 }
const FRAMED = {
  'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
  'x-amz-decoded-content-length': String(DATA.length),
}
const framed = (...trailers: string[]) =>
  `${DATA.length.toString(16)}\r\n${DATA}\r\n0\r\n${trailers.map((line) => `${line}\r\n`).join('')}\r\n`
const IN_TRAILER = { ...FRAMED, 'x-amz-trailer': 'x-amz-checksum-crc32' }
const TRAILER = `x-amz-checksum-crc32:${CRC32}`

test('what is said of a body and makes no sense is refused, and nothing is kept', async (t) => {
  const { endpoint, errors } = await serveS3(t)
  for (const [headers, expected, body] of [
    [{ 'x-amz-content-sha256': 'FOO' }, /InvalidArgument.*must be UNSIGNED-PAYLOAD, .* or a valid sha256/],
    [{ 'x-amz-content-sha256': 'STREAMING-FOO' }, /InvalidArgument/, framed()],
    [{ 'x-amz-checksum-foo': CRC32 }, /InvalidRequest.*algorithm type you specified/],
    [{ ...BY_CRC32, 'x-amz-checksum-sha256': SHA256 }, /InvalidRequest.*Multiple checksum Types/],
    [{ 'x-amz-sdk-checksum-algorithm': 'CRC32' }, /InvalidRequest.*no corresponding x-amz-checksum/],
    [{ ...BY_CRC32, 'x-amz-sdk-checksum-algorithm': 'FOO' }, /InvalidRequest.*x-amz-sdk-checksum-algorithm/],
    [{ ...BY_CRC32, 'x-amz-sdk-checksum-algorithm': 'SHA1' }, /InvalidRequest.*x-amz-sdk-checksum-algorithm/],
    [{ ...FRAMED, 'x-amz-trailer': 'x-amz-checksum-foo' }, /InvalidRequest.*x-amz-trailer/, framed(TRAILER)],
    [{ ...IN_TRAILER, ...BY_CRC32 }, /InvalidRequest.*single x-amz-checksum-/, framed(TRAILER)],
    [IN_TRAILER, /MalformedTrailerError/, framed()],
    [IN_TRAILER, /MalformedTrailerError/, framed(TRAILER, 'x-amz-checksum-sha1:x')],
    [FRAMED, /MalformedTrailerError/, framed(TRAILER)],
  ] as [Record<string, string>, RegExp, string?][])
    for (const [method, path] of [
      ['PUT', '/lake/k'],
      ['POST', '/lake?delete'],
    ] as const) {
      const answer = await fetch(`${endpoint}${path}`, { method, headers, body: body ?? DATA })
      const text = await answer.text()
      assert.deepEqual(
        [answer.status, expected.test(text)],
        [400, true],
        `${JSON.stringify(headers)} ${text}`,
      )
    }
  assert.equal((await fetch(`${endpoint}/lake/k`)).status, 404)
  assert.deepEqual(errors, [])
})

test('a checksum may be named before it is given, in any case', async (t) => {
  const { endpoint, get } = await serveS3(t)
  for (const [headers, body] of [
    [{ ...BY_CRC32, 'x-amz-sdk-checksum-algorithm': 'CRC32' }, DATA],
    [{ ...IN_TRAILER, 'x-amz-sdk-checksum-algorithm': 'crc32' }, framed(TRAILER)],
  ] as const) {
    const answer = await fetch(`${endpoint}/lake/k`, { method: 'PUT', headers, body })
    assert.deepEqual([answer.status, answer.headers.get('x-amz-checksum-crc32')], [200, CRC32])
    assert.equal(await get('k'), DATA)
  }
})

test('an upload takes the checksums it was created for, and no others', async (t) => {
  const { endpoint, client } = await serveS3(t)
  const s3 = client()
  const create = async (input: Partial<CreateMultipartUploadCommandInput> = {}) => {
    const target = { Bucket: 'lake', Key: 'k' }
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ ...target, ...input }))
    return { ...target, UploadId }
  }
  const putPart = async (UploadId: string | undefined, headers: Record<string, string> = {}) => {
    const url = `${endpoint}/lake/k?partNumber=1&uploadId=${UploadId}`
    const answer = await fetch(url, { method: 'PUT', headers, body: DATA })
    return /<Message>(.*)<\/Message>/.exec(await answer.text())?.[1] ?? answer.status
  }
  const mismatch = (expected: string, actual: string) =>
    `Checksum Type mismatch occurred, expected checksum Type: ${expected}, actual checksum Type: ${actual}`

  const composite = await create({ ChecksumAlgorithm: 'SHA256' })
  assert.equal(await putPart(composite.UploadId), mismatch('sha256', 'null'))
  assert.equal(await putPart(composite.UploadId, BY_CRC32), mismatch('sha256', 'crc32'))
  assert.equal(await putPart(composite.UploadId, { 'x-amz-checksum-sha256': SHA256 }), 200)

  const whole = await create({ ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' })
  assert.equal(await putPart(whole.UploadId), 200)

  const any = await create()
  assert.equal(await putPart(any.UploadId, BY_CRC32), 200)
  const { ETag } = await s3.send(new UploadPartCommand({ ...whole, PartNumber: 1, Body: DATA }))
  const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] }
  const complete = (upload: typeof any, checksum: object) =>
    s3.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload, ...checksum }))
  const unlike = { message: 'The crc32 you specified did not match the calculated checksum.' }
  await assert.rejects(complete(whole, { ChecksumSHA256: SHA256 }), unlike)
  await assert.rejects(complete(whole, { ChecksumCRC32: CRC32 }), unlike)
  await assert.rejects(complete(any, { ChecksumCRC32: CRC32 }), { message: mismatch('null', 'crc32') })
  const ChecksumType = 'FULL_OBJECT'
  await assert.rejects(complete(any, { ChecksumType }), { message: /using the null checksum mode/ })
  assert.equal((await complete(whole, { ChecksumCRC32: CRC32, ChecksumType })).ChecksumCRC32, CRC32)
  await assert.rejects(create({ ChecksumAlgorithm: 'CRC32', ChecksumType: 'FOO' as 'COMPOSITE' }), {
    name: 'InvalidRequest',
    message: 'Value for x-amz-checksum-type header is invalid.',
  })
})
