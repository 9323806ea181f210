import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decodeAwsChunked, isAwsChunked } from '../../../src/s3/dialect/aws-chunked.ts'

/** A text in pieces that end at the given places. */
async function* split(bytes: Uint8Array, cuts: readonly number[]) {
  const ends = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b)
  let start = 0
  for (const end of [...ends, bytes.length]) {
    yield bytes.subarray(start, end)
    start = end
  }
}

async function decode(bytes: Uint8Array, cuts: readonly number[], lengthBytes?: number) {
  const body = decodeAwsChunked(split(bytes, cuts), lengthBytes)
  const pieces: Uint8Array[] = []
  for await (const piece of body) pieces.push(piece)
  return { data: Buffer.concat(pieces), trailers: Object.fromEntries(body.trailers ?? []) }
}

const signature = `;chunk-signature=${'0a'.repeat(32)}`
const chunks = fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }))
const cuts = fc.array(fc.nat())

function encode(parts: readonly Uint8Array[], suffix: string, end: string): Buffer {
  const framed = parts.map((part) =>
    Buffer.concat([Buffer.from(`${part.length.toString(16)}${suffix}\r\n`), part, Buffer.from('\r\n')]),
  )
  return Buffer.concat([...framed, Buffer.from(`0${suffix}\r\n${end}`)])
}

for (const [form, suffix, end, trailers] of [
  ['signed', signature, '\r\n', {}],
  ['unsigned with a trailer', '', 'x-amz-checksum-crc32:AAAA\r\n\r\n', { 'x-amz-checksum-crc32': 'AAAA' }],
  [
    'signed with signed trailers',
    signature,
    'x-amz-checksum-crc32c:sOO8/Q==\n\r\nX-Amz-Trailer-Signature:abc\r\n\r\n',
    { 'x-amz-checksum-crc32c': 'sOO8/Q==', 'x-amz-trailer-signature': 'abc' },
  ],
] as const)
  test(`${form}: any split of the bytes gives the same data and trailers`, async () => {
    await fc.assert(
      fc.asyncProperty(chunks, cuts, async (parts, places) => {
        const data = Buffer.concat(parts)
        const decoded = await decode(encode(parts, suffix, end), places, data.length)
        assert.deepEqual(decoded, { data, trailers })
      }),
    )
  })

test('what came is given back once, when the last piece of it is', async () => {
  await fc.assert(
    fc.asyncProperty(chunks, cuts, fc.boolean(), async (parts, places, atOnce) => {
      const looked = new Set<Uint8Array>()
      const given: Uint8Array[] = []
      const came: Uint8Array[] = []
      async function* source() {
        for await (const view of split(encode(parts, '', '\r\n'), places)) {
          const own = Uint8Array.from(view)
          came.push(own)
          yield own
        }
      }
      const body = decodeAwsChunked({
        [Symbol.asyncIterator]: source,
        release(bytes) {
          assert.ok([...looked].every(({ buffer }) => buffer !== bytes.buffer))
          given.push(bytes)
        },
      })
      const giveBack = (piece: Uint8Array) => {
        looked.delete(piece)
        body.release?.(piece)
      }
      for await (const piece of body) {
        looked.add(piece)
        if (atOnce) giveBack(piece)
      }
      for (const piece of looked) giveBack(piece)
      assert.deepEqual(new Set(given), new Set(came))
      assert.equal(given.length, came.length)
    }),
  )
})

test('a body that ends early is incomplete, wherever it ends', async () => {
  const whole = encode([Buffer.from('hello'), Buffer.from('world')], signature, '')
  for (let length = 0; length < whole.length - signature.length - 3; length++)
    await assert.rejects(decode(whole.subarray(0, length), []), { code: 'IncompleteBody' })
})

test('framing that is none is refused, and held in bounded memory', async () => {
  for (const text of [
    'hello\r\n',
    '5\r\nhello!\r\n',
    '-1\r\n',
    '\r\n',
    'f'.repeat(10_000),
    '0\r\nno colon\r\n',
  ])
    await assert.rejects(decode(Buffer.from(text), []), { code: 'InvalidRequest' }, text.slice(0, 20))
})

test('a length that was announced and not kept is refused', async () => {
  await assert.rejects(decode(Buffer.from('5\r\nhello\r\n0\r\n\r\n'), [], 6), { code: 'IncompleteBody' })
})

test('aws-chunked is told by the content hash, or by the encoding and a length', () => {
  assert.ok(isAwsChunked(new Map([['x-amz-content-sha256', 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD']])))
  const named = new Map([['content-encoding', 'aws-chunked, gzip']])
  assert.ok(!isAwsChunked(named))
  assert.ok(isAwsChunked(new Map([...named, ['x-amz-decoded-content-length', '3']])))
  assert.ok(!isAwsChunked(new Map([...named, ['x-amz-content-sha256', 'UNSIGNED-PAYLOAD']])))
  assert.ok(
    !isAwsChunked(
      new Map([
        ['content-encoding', 'gzip'],
        ['x-amz-content-sha256', 'UNSIGNED-PAYLOAD'],
      ]),
    ),
  )
})
