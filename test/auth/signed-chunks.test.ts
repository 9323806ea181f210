import assert from 'node:assert/strict'
import { createHash, createHmac } from 'node:crypto'
import { test } from 'node:test'
import { crc32 } from 'node:zlib'
import { permanent, startClosed } from './closed-server.ts'
import { ask, send, signed } from './send-signed.ts'

const sha256 = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()

/** What a client that signs as it goes sends, a piece at a time, each of which a test may change. */
function pieces(headers: Readonly<Record<string, string>>, chunks: readonly string[], trailer?: string) {
  const time = headers['x-amz-date']!
  const day = time.slice(0, 8)
  const scope = `${day}/us-east-1/s3/aws4_request`
  const key = [day, 'us-east-1', 's3', 'aws4_request'].reduce<string | Buffer>(
    hmac,
    `AWS4${permanent.secretAccessKey}`,
  ) as Buffer
  let previous = /Signature=(.*)$/.exec(headers.authorization!)![1]!
  const sign = (kind: string, content: string) => {
    previous = hmac(key, `AWS4-HMAC-SHA256-${kind}\n${time}\n${scope}\n${previous}\n${content}`).toString(
      'hex',
    )
    return previous
  }
  const framed = [...chunks, ''].map((chunk) => {
    const signature = sign('PAYLOAD', `${sha256('')}\n${sha256(chunk)}`)
    return `${chunk.length.toString(16)};chunk-signature=${signature}\r\n${chunk === '' ? '' : `${chunk}\r\n`}`
  })
  if (trailer === undefined) return [...framed, '\r\n']
  const signature = sign('TRAILER', sha256(`${trailer}\n`))
  return [...framed, `${trailer}\r\n`, `x-amz-trailer-signature:${signature}\r\n`, '\r\n']
}

const CHUNKS = ['a'.repeat(70_000), 'b'.repeat(8_192), 'the end']
const CRC32 = 'x-amz-checksum-crc32'

for (const trailer of [undefined, CRC32])
  test(`chunks that are signed${trailer ? ', and a trailer,' : ''} are put as they were signed, or not at all`, async (t) => {
    const { endpoint } = await startClosed(t)
    await ask(endpoint, { service: 's3', method: 'PUT', path: '/lake' })
    const data = trailer ? ['standpipe'] : CHUNKS
    const given = trailer ? [crcOf(data.join(''))] : [undefined]
    const start = () => {
      const payload = `STREAMING-AWS4-HMAC-SHA256-PAYLOAD${trailer ? '-TRAILER' : ''}`
      const { url, headers } = signed(endpoint, {
        service: 's3',
        method: 'PUT',
        path: '/lake/k',
        headers: {
          'x-amz-content-sha256': payload,
          'content-encoding': 'aws-chunked',
          'x-amz-decoded-content-length': String(data.join('').length),
          ...(trailer && { 'x-amz-trailer': 'x-amz-checksum-crc32' }),
        },
      })
      return { url, headers, parts: pieces(headers, data, given[0]) }
    }
    const put = async (change: (parts: string[]) => string[]) => {
      const { url, headers, parts } = start()
      return await send(url, 'PUT', headers, change(parts).join(''))
    }
    const tamperings: [what: string, change: (parts: string[]) => string[]][] = [
      ['data', ([first = '', ...rest]) => [first.replace(/[as](?=[^;]*\r\n$)/, 'x'), ...rest]],
      ['a signature', ([first = '', ...rest]) => [first.replace(/=./, '=x'), ...rest]],
      ['no signatures', (parts) => parts.map((part) => part.replace(/;chunk-signature=\w+/, ''))],
      ['the end not signed', (parts) => parts.map((part) => part.replace(/^0;.*/, '0'))],
      ...(trailer
        ? ([
            ['the trailer', (parts) => parts.map((part) => part.replace(/^(x-amz-checksum.*:)./, '$1z'))],
            [
              'no signature of the trailer',
              (parts) => parts.filter((part) => !part.startsWith('x-amz-trailer-s')),
            ],
            ['a trailer more', (parts) => parts.toSpliced(-2, 0, 'x-amz-checksum-sha1:AAAA\r\n')],
          ] satisfies typeof tamperings)
        : ([
            ['another order', ([first = '', second = '', ...rest]) => [second, first, ...rest]],
            ['one twice', ([first = '', ...rest]) => [first, first, ...rest]],
            ['a trailer', (parts) => parts.toSpliced(-1, 0, 'x-amz-checksum-crc32:AAAAAA==\r\n')],
          ] satisfies typeof tamperings)),
    ]
    for (const [what, change] of tamperings) {
      const { status, code } = await put(change)
      assert.ok(status === 403 || status === 400, `${what}: ${status} ${code}`)
      assert.match(code ?? '', /^(SignatureDoesNotMatch|MalformedTrailerError)$/, what)
    }
    for (const [what, change] of [
      ['the end missing', (parts) => parts.filter((part) => !part.startsWith('0;'))],
      ['a chunk missing', ([, ...rest]) => rest],
    ] satisfies typeof tamperings) {
      const { status } = await put(change)
      assert.ok(status === 403 || status === 400, `${what}: ${status}`)
    }
    assert.equal((await ask(endpoint, { service: 's3', path: '/lake/k' })).code, 'NoSuchKey')
    const { status, body } = await put((parts) => parts)
    assert.equal(status, 200, body)
    assert.equal((await ask(endpoint, { service: 's3', path: '/lake/k' })).body, data.join(''))
  })

const crcOf = (text: string) => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(crc32(text))
  return `x-amz-checksum-crc32:${bytes.toString('base64')}`
}
