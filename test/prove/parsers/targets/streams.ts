import { deepStrictEqual } from 'node:assert'
import { decodeAwsChunked, framingOf } from '../../../../src/s3/dialect/aws-chunked.ts'
import { boundaryOf, readMultipart } from '../../../../src/s3/forms/multipart.ts'
import type { StreamBody } from '../../../../src/service/shape.ts'
import { outcomeOf, readOrRefused, type Target } from '../target.ts'

/** A body in pieces of so many bytes, each in a memory of its own, as they come from a connection. */
function inPieces(bytes: Buffer, size: number): StreamBody {
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += size) yield new Uint8Array(bytes.subarray(at, at + size))
  }
  return Object.assign(pieces(), { release: () => undefined })
}

async function allOf(body: StreamBody): Promise<string> {
  const all: Buffer[] = []
  for await (const piece of body) {
    all.push(Buffer.from(piece))
    body.release?.(piece)
  }
  return Buffer.concat(all).toString('latin1')
}

/** However it is cut on its way, the same comes of it. */
async function sameAtAnyCut(bytes: Buffer, read: (body: StreamBody) => Promise<unknown>): Promise<void> {
  const whole = await outcomeOf(() => read(inPieces(bytes, Math.max(1, bytes.length))))
  const size = 1 + ((bytes[0] ?? 0) % 7)
  deepStrictEqual(await outcomeOf(() => read(inPieces(bytes, size))), whole)
}

export const awsChunked: Target = {
  isSync: false,
  seeds: [
    '5;chunk-signature=abc\r\nhello\r\n0;chunk-signature=def\r\n\r\n',
    '3\r\nabc\r\n2\r\nde\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\nx-amz-trailer-signature:ab\r\n\r\n',
    '0\r\n\r\n',
  ],
  words: [
    ';chunk-signature=',
    '\r\n',
    '0\r\n',
    '\r\n\r\n',
    'x-amz-checksum-crc32:',
    'fffffffffffff',
    'x-amz-trailer-signature:',
  ],
  async run(bytes) {
    await sameAtAnyCut(bytes, async (source) => {
      const body = decodeAwsChunked(source)
      const data = await allOf(body)
      return { data, trailers: [...(body.trailers ?? [])] }
    })
    const text = bytes.toString('latin1')
    readOrRefused(() =>
      framingOf(
        new Map([
          ['content-encoding', text],
          ['x-amz-decoded-content-length', text],
        ]),
      )?.decode(inPieces(bytes, 9)),
    )
  },
}

export const multipart: Target = {
  isSync: false,
  seeds: [
    `--b\r\nContent-Disposition: form-data; name="key"\r\n\r\na/\${filename}\r\n--b\r\nContent-Disposition: form-data; name="file"; filename="C:\\x.txt"\r\n\r\nhello\r\n--b--\r\n`,
    "preamble\r\n--b \t\r\nContent-Disposition: form-data; name=file; filename*=UTF-8''x\r\n\r\n\r\n--b--",
  ],
  words: [
    '\r\n--b',
    '--b--',
    '\r\n\r\n',
    'Content-Disposition: form-data; name="',
    'filename="',
    'name="file"',
    '\\"',
    'filename*=',
  ],
  async run(bytes) {
    readOrRefused(() => boundaryOf(bytes.toString('latin1')))
    await sameAtAnyCut(bytes, async (source) => {
      const { fields, fileName, file } = await readMultipart(source, 'b')
      return { fields: [...fields], fileName, data: await allOf(file) }
    })
  },
}
