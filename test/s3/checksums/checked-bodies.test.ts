import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { crc32 } from 'node:zlib'
import {
  DeleteObjectsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3'
import { serveS3 } from '../serve-s3.ts'

const BODY = '<Delete><Object><Key>a</Key></Object></Delete>'
const hashOf = (name: string, encoding: 'base64' | 'hex') => createHash(name).update(BODY).digest(encoding)
const crcOf = (text: string) => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(crc32(text))
  return bytes.toString('base64')
}

test('an XML body that is not what was announced changes nothing', async (t) => {
  const { endpoint, put, get, errors } = await serveS3(t)
  await put('a', 'x')
  const post = async (headers: Record<string, string>) => {
    const answer = await fetch(`${endpoint}/lake?delete`, { method: 'POST', body: BODY, headers })
    return /<Code>(\w+)</.exec(await answer.text())?.[1] ?? answer.status
  }
  const wrong = crcOf('something else')
  assert.equal(await post({ 'content-md5': createHash('md5').digest('base64') }), 'BadDigest')
  assert.equal(await post({ 'content-md5': 'short' }), 'InvalidDigest')
  assert.equal(await post({ 'x-amz-checksum-crc32': wrong }), 'BadDigest')
  assert.equal(await post({ 'x-amz-checksum-crc32': 'x' }), 'InvalidRequest')
  assert.equal(await post({ 'x-amz-content-sha256': '0'.repeat(64) }), 'XAmzContentSHA256Mismatch')
  const length = BODY.length.toString(16)
  const framed = (checksum: string) =>
    fetch(`${endpoint}/lake?delete`, {
      method: 'POST',
      body: `${length}\r\n${BODY}\r\n0\r\nx-amz-checksum-crc32:${checksum}\r\n\r\n`,
      headers: {
        'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
        'content-encoding': 'aws-chunked',
        'x-amz-decoded-content-length': String(BODY.length),
        'x-amz-trailer': 'x-amz-checksum-crc32',
      },
    })
  assert.equal((await framed(wrong)).status, 400)
  assert.equal(await get('a'), 'x')

  const bare = '<Delete><Object><Key>b&#x1;</Key></Object></Delete>'
  const control = await fetch(`${endpoint}/lake?delete`, {
    method: 'POST',
    body: bare,
    headers: { 'x-amz-checksum-crc32': crcOf(bare) },
  })
  assert.match(await control.text(), /<Deleted><Key>b&#x1;<\/Key><\/Deleted>/)
  assert.equal(await post({ 'content-md5': hashOf('md5', 'base64') }), 200)
  assert.equal(await post({ 'x-amz-checksum-sha256': hashOf('sha256', 'base64') }), 200)
  const signed = { 'x-amz-content-sha256': hashOf('sha256', 'hex') }
  assert.equal(await post(signed), 'InvalidRequest', 'what is signed is no digest to S3')
  assert.equal(await post({ ...signed, 'content-md5': hashOf('md5', 'base64') }), 200)
  assert.equal((await framed(crcOf(BODY))).status, 200)
  assert.deepEqual(errors, [])
})

test("the SDK's own checksums of XML bodies agree, and its keys may hold any character of XML", async (t) => {
  const { client, errors } = await serveS3(t)
  const s3 = client()
  const Bucket = 'lake'
  const keys = ['line\nfeed', 'tab\t', 'carriage\rreturn', 'dele\x7fte', '\u0085 and \u2028', '<&>"\'']
  for (const Key of keys) await s3.send(new PutObjectCommand({ Bucket, Key, Body: '' }))
  for (const ChecksumAlgorithm of ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const)
    await s3.send(
      new PutObjectTaggingCommand({
        Bucket,
        Key: keys[0],
        ChecksumAlgorithm,
        Tagging: { TagSet: [{ Key: 'a', Value: ChecksumAlgorithm }] },
      }),
    )
  const { Deleted } = await s3.send(
    new DeleteObjectsCommand({ Bucket, Delete: { Objects: keys.map((Key) => ({ Key })) } }),
  )
  assert.deepEqual(Deleted?.map(({ Key }) => Key).sort(), [...keys].sort())
  assert.equal((await s3.send(new ListObjectsV2Command({ Bucket }))).KeyCount, 0)
  assert.deepEqual(errors, [])
})
