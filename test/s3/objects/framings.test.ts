import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { HeadObjectCommand } from '@aws-sdk/client-s3'
import fc from 'fast-check'
import { digestOf } from '../../../src/s3/checksums/checksum.ts'
import { serveS3 } from '../serve-s3.ts'

const SIGNATURE = '0'.repeat(64)

interface Framed {
  readonly headers: Readonly<Record<string, string | number>>
  readonly body: Buffer
}

/** aws-chunked in chunks of `sizes`, over and over, signed in form or not. */
function chunked(
  data: Buffer,
  sizes: readonly number[],
  isSigned: boolean,
  trailers: readonly string[],
): Buffer {
  const pieces: Buffer[] = []
  const extension = isSigned ? `;chunk-signature=${SIGNATURE}` : ''
  for (let at = 0, turn = 0; at < data.length; turn++) {
    const piece = data.subarray(at, at + sizes[turn % sizes.length]!)
    pieces.push(Buffer.from(`${piece.length.toString(16)}${extension}\r\n`), piece, Buffer.from('\r\n'))
    at += piece.length
  }
  const last = trailers.map((trailer) => `${trailer}\r\n`).join('')
  return Buffer.concat([...pieces, Buffer.from(`0${extension}\r\n${last}\r\n`)])
}

/** Every way in which AWS's clients send a body (each adds what it must to the headers). */
function framingsOf(data: Buffer, crc64: string, sizes: readonly number[]): Record<string, Framed> {
  const decoded = { 'content-encoding': 'aws-chunked', 'x-amz-decoded-content-length': data.length }
  const trailing = { ...decoded, 'x-amz-trailer': 'x-amz-checksum-crc64nvme' }
  const checksum = `x-amz-checksum-crc64nvme:${crc64}`
  const framed = (sha256: string, headers: Framed['headers'], body: Buffer): Framed => ({
    headers: { 'x-amz-content-sha256': sha256, ...headers },
    body,
  })
  return {
    'hex SHA-256': framed(createHash('sha256').update(data).digest('hex'), {}, data),
    'UNSIGNED-PAYLOAD': framed('UNSIGNED-PAYLOAD', {}, data),
    'unsigned with a trailer': framed(
      'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
      trailing,
      chunked(data, sizes, false, [checksum]),
    ),
    signed: framed('STREAMING-AWS4-HMAC-SHA256-PAYLOAD', decoded, chunked(data, sizes, true, [])),
    'signed with a trailer': framed(
      'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
      trailing,
      chunked(data, sizes, true, [checksum, `x-amz-trailer-signature:${SIGNATURE}`]),
    ),
  }
}

/** Sends the body in pieces, each on its own way through the socket; without a length, HTTP's own chunks carry it. */
const put = (url: string, { headers, body }: Framed, pieceBytes: number, withLength: boolean) =>
  new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
    const outgoing = request(url, {
      method: 'PUT',
      agent: false,
      headers: { ...headers, ...(withLength && { 'content-length': body.length }) },
    })
    outgoing.setNoDelay(true)
    outgoing.on('response', async (answer) =>
      resolve({ status: answer.statusCode, body: await text(answer) }),
    )
    outgoing.on('error', reject)
    for (let at = 0; at < body.length; at += pieceBytes) outgoing.write(body.subarray(at, at + pieceBytes))
    outgoing.end()
  })

async function crc64Of(data: Buffer): Promise<string> {
  const digest = await digestOf('CRC64NVME')
  digest.update(data)
  return Buffer.from(digest.digest()).toString('base64')
}

test('the same bytes become the same object, however they are framed', async (t) => {
  const { client, endpoint, errors } = await serveS3(t)
  const s3 = client()
  const cases = fc.record({
    data: fc.oneof(
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
      fc
        .tuple(
          fc.integer({ min: 60_000, max: 150_000 }),
          fc.constantFrom('\r\n0\r\n', 'a', '0;chunk-signature='),
        )
        .map(([length, fill]) => Buffer.alloc(length, fill)),
    ),
    sizes: fc.array(fc.integer({ min: 1, max: 20_000 }), { minLength: 1, maxLength: 3 }),
    pieceBytes: fc.oneof(fc.integer({ min: 40, max: 900 }), fc.integer({ min: 5_000, max: 70_000 })),
    withLength: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(cases, async ({ data, sizes, pieceBytes, withLength }) => {
      const big = data.length > 1000
      const crc64 = await crc64Of(data)
      const framings = framingsOf(data, crc64, big ? sizes.map((size) => size + 500) : sizes)
      for (const [name, framed] of Object.entries(framings)) {
        const headers = { ...framed.headers, 'x-amz-meta-framing': name }
        const answer = await put(
          `${endpoint}/lake/${encodeURIComponent(name)}`,
          { ...framed, headers },
          big ? pieceBytes + 2_000 : pieceBytes,
          // What comes as it is has no other place for it.
          withLength || !('content-encoding' in framed.headers),
        )
        assert.equal(answer.status, 200, `${name}: ${answer.body}`)
        const head = await s3.send(
          new HeadObjectCommand({ Bucket: 'lake', Key: name, ChecksumMode: 'ENABLED' }),
        )
        assert.equal(head.ContentLength, data.length, name)
        assert.equal(head.ETag, `"${createHash('md5').update(data).digest('hex')}"`, name)
        assert.equal(head.ChecksumCRC64NVME, crc64, name)
        assert.equal(head.ContentEncoding, undefined, name)
        assert.equal(head.Metadata?.framing, name)
        const got = Buffer.from(
          await (await fetch(`${endpoint}/lake/${encodeURIComponent(name)}`)).arrayBuffer(),
        )
        assert.ok(got.equals(data), name)
      }
    }),
    { numRuns: 20 },
  )
  assert.deepEqual(errors, [])
})

test('a framed body that is cut, lies about its length or its checksum leaves the object as it was', async (t) => {
  const { endpoint, get, put: putObject, errors } = await serveS3(t)
  await putObject('object', 'before')
  const data = Buffer.alloc(100_000, 'standpipe')
  const crc64 = await crc64Of(data)
  const wrong = await crc64Of(Buffer.from('else'))
  for (const [name, { headers, body }] of Object.entries(framingsOf(data, crc64, [7_000]))) {
    const isFramed = 'content-encoding' in headers
    const lies: Framed[] = isFramed
      ? [
          { headers, body: body.subarray(0, body.length - 200) },
          { headers: { ...headers, 'x-amz-decoded-content-length': data.length + 1 }, body },
          { headers, body: Buffer.from(body.toString('latin1').replace(crc64, wrong), 'latin1') },
        ]
      : [
          { headers: { ...headers, 'content-md5': 'AAAAAAAAAAAAAAAAAAAAAA==' }, body },
          { headers: { ...headers, 'x-amz-checksum-crc64nvme': wrong }, body },
        ]
    for (const lie of lies) {
      if (isFramed && lie.body.equals(body) && lie.headers === headers) continue
      const answer = await put(`${endpoint}/lake/object`, lie, 9_000, true)
      assert.equal(answer.status, 400, name)
      assert.match(answer.body, /<Code>(IncompleteBody|BadDigest)</, name)
    }
  }
  assert.equal(await get('object'), 'before')
  assert.deepEqual(errors, [])
})
