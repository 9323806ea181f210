import { AUTHORIZATION, type Signature, signedHeaders } from './call.ts'

/** One AWS JSON request as the bytes that go over an HTTP/1.1 connection. */
export function preparedRequest(
  endpoint: string,
  target: string,
  body: string,
  signature: Signature = 'form',
): Buffer {
  const plain = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target }
  const headers =
    signature === 'real'
      ? signedHeaders(endpoint, plain, body)
      : { ...plain, 'x-amz-date': '20260101T000000Z', authorization: AUTHORIZATION }
  const lines = Object.entries({
    host: new URL(endpoint).host,
    'content-length': String(Buffer.byteLength(body)),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.from(`POST / HTTP/1.1\r\n${lines.join('')}\r\n${body}`)
}
