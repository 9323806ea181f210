import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import { fetchSigned } from '../../client-access.ts'
import { serveS3 } from '../serve-s3.ts'

/** Sends a request as it is written, byte for byte. */
async function wired(t: TestContext) {
  const served = await serveS3(t)
  const send = async (lines: readonly string[], body = '') => {
    const socket = connect(Number(new URL(served.endpoint).port), '127.0.0.1')
    socket.write([...lines, 'Host: s3', 'Connection: close', '', body].join('\r\n'))
    return (await text(socket)).replaceAll('\r', '')
  }
  return { ...served, send }
}

test('a body that is plain is stored as it is, though aws-chunked is named as its encoding', async (t) => {
  const { endpoint, errors } = await serveS3(t)
  const sha256 = createHash('sha256').update('plain').digest('hex')
  for (const [encoding, hash, kept] of [
    ['gzip, aws-chunked', sha256, 'gzip'],
    ['aws-chunked,gzip', 'UNSIGNED-PAYLOAD', 'gzip'],
    ['aws-chunked', 'UNSIGNED-PAYLOAD', null],
  ] as const) {
    const headers = { 'content-encoding': encoding, 'x-amz-content-sha256': hash }
    const put = await fetchSigned(`${endpoint}/lake/k`, { method: 'PUT', headers, body: 'plain' })
    assert.equal(put.status, 200, await put.text())
    const head = await fetchSigned(`${endpoint}/lake/k`, { method: 'HEAD' })
    assert.deepEqual([head.headers.get('content-length'), head.headers.get('content-encoding')], ['5', kept])
  }
  assert.deepEqual(errors, [])
})

test('in chunks of HTTP/1.1 an upload has to say how long it is', async (t) => {
  const { send, get, endpoint } = await wired(t)
  const chunks = '5\r\nhello\r\n0\r\n\r\n'
  const put = ['PUT /lake/k HTTP/1.1', 'Transfer-Encoding: chunked']
  assert.match(await send(put, chunks), /^HTTP\/1.1 411 .*<Code>MissingContentLength</s)
  assert.equal((await fetchSigned(`${endpoint}/lake/k`)).status, 404)
  // As pyarrow sends, whose own framing says it.
  const framed = '5\r\nhello\r\n0\r\n\r\n'
  const streaming = [
    ...[...put, 'X-Amz-Content-Sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER'],
    ...['Content-Encoding: aws-chunked', 'X-Amz-Decoded-Content-Length: 5'],
  ]
  const inChunks = `${framed.length.toString(16)}\r\n${framed}\r\n0\r\n\r\n`
  assert.match(await send(streaming, inChunks), /^HTTP\/1.1 200 OK/)
  assert.equal(await get('k'), 'hello')
})

test('a digest that does not match is told in hexadecimal, what was computed in base64', async (t) => {
  const { endpoint } = await serveS3(t)
  const md5 = (data: string) => createHash('md5').update(data)
  const headers = { 'content-md5': md5('other').digest('base64') }
  const answer = await fetchSigned(`${endpoint}/lake/k`, { method: 'PUT', headers, body: 'x' })
  const body = await answer.text()
  assert.equal(answer.status, 400)
  assert.ok(body.includes(`<ExpectedDigest>${md5('other').digest('hex')}</ExpectedDigest>`), body)
  assert.ok(body.includes(`<CalculatedDigest>${md5('x').digest('base64')}</CalculatedDigest>`), body)
})
