import { randomBytes } from 'node:crypto'
import { Agent, request } from 'node:http'
import { crc32 } from 'node:zlib'
import { repeat } from '../calls/call.ts'
import { objectLimits } from '../limits/object-limit.ts'
import type { Row } from '../row.ts'
import type { Target } from '../target.ts'

const CONCURRENCY = 16
const KEYS = 100_000
/** One page: its continuation tokens need a cipher that today's Node no longer has. */
const KEYS_OF_S3RVER = 1_000
/** Signed in form, as every AWS client signs; no server here verifies it. */
const AUTHORIZATION =
  'AWS4-HMAC-SHA256 Credential=S3RVER/20260101/us-east-1/s3/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=0'

function connect(endpoint: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: CONCURRENCY })
  const { hostname, port } = new URL(endpoint)
  const call = (method: string, path: string, body?: Uint8Array, headers: object = {}) =>
    new Promise<Buffer>((resolve, reject) => {
      const outgoing = request(
        {
          agent,
          hostname,
          port,
          method,
          path,
          headers: {
            authorization: AUTHORIZATION,
            'x-amz-date': new Date().toISOString().replace(/[-:]|\.\d+/g, ''),
            'x-amz-content-sha256': 'UNSIGNED-PAYLOAD',
            'content-length': body?.length ?? 0,
            ...headers,
          },
        },
        (answer) => {
          const chunks: Buffer[] = []
          answer.on('data', (chunk: Buffer) => chunks.push(chunk))
          answer.on('end', () => {
            const bytes = Buffer.concat(chunks)
            if (answer.statusCode === 200) resolve(bytes)
            else reject(new Error(`${method} ${path}: ${answer.statusCode} ${bytes.subarray(0, 200)}`))
          })
        },
      )
      outgoing.on('error', reject)
      outgoing.end(body)
    })
  return { call, close: () => agent.destroy() }
}

/** As AWS's SDKs send it: with the CRC32 in a header. */
function checksumOf(body: Uint8Array): object {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(crc32(body))
  return { 'x-amz-checksum-crc32': bytes.toString('base64') }
}

const TARGETS = ['s3rver', 'standpipe']
const WITH_BARE = ['bare node:http', ...TARGETS]
const calls = async (
  target: Target,
  count: number,
  act: (call: ReturnType<typeof connect>['call'], index: number) => Promise<unknown>,
) => {
  const { call, close } = connect(target.endpoint)
  await repeat(count, CONCURRENCY, (index) => act(call, index))
  close()
  return count
}
const createBucket = async (target: Target) => {
  await calls(target, 1, (call) => call('PUT', '/bench'))
}

function putRow(size: string, sizeBytes: number, count: number): Row {
  const body = randomBytes(sizeBytes)
  const headers = checksumOf(body)
  return {
    name: `PutObject, ${size}, ${CONCURRENCY} writers, each key again and again`,
    unit: 'objects',
    targets: WITH_BARE,
    limits: objectLimits(body, count, CONCURRENCY),
    async prepare(target) {
      await createBucket(target)
      return () => calls(target, count, (call, index) => call('PUT', `/bench/${index % 64}`, body, headers))
    },
  }
}

function getRow(size: string, sizeBytes: number, count: number): Row {
  const body = randomBytes(sizeBytes)
  const headers = checksumOf(body)
  return {
    name: `GetObject, ${size}, ${CONCURRENCY} readers`,
    unit: 'objects',
    targets: WITH_BARE,
    async prepare(target) {
      await createBucket(target)
      await calls(target, 64, (call, index) => call('PUT', `/bench/${index}`, body, headers))
      // What the bare server answers with.
      await calls(target, 1, (call) => call('PUT', '/bench/last', body, headers))
      return () => calls(target, count, (call, index) => call('GET', `/bench/${index % 64}`))
    },
  }
}

export const s3Put64k = putRow('64 KiB', 64 * 1024, 1_500)
export const s3Get64k = getRow('64 KiB', 64 * 1024, 5_000)
export const s3Put8m = putRow('8 MiB', 8 * 2 ** 20, 48)
export const s3Get8m = getRow('8 MiB', 8 * 2 ** 20, 96)

const keysOf = (target: Target) => (target.name === 's3rver' ? KEYS_OF_S3RVER : KEYS)

export const s3List: Row = {
  name: `ListObjectsV2 of ${KEYS} keys, a reader (s3rver: ${KEYS_OF_S3RVER} keys)`,
  unit: 'keys',
  targets: TARGETS,
  async prepare(target) {
    await createBucket(target)
    const nothing = new Uint8Array()
    await calls(target, keysOf(target), (call, index) =>
      call('PUT', `/bench/day=${index % 30}/object-${index}`, nothing),
    )
    return () => listAll(target)
  },
}

async function listAll(target: Target): Promise<number> {
  const { call, close } = connect(target.endpoint)
  let keys = 0
  let token: string | undefined
  do {
    const more = token === undefined ? '' : `&continuation-token=${encodeURIComponent(token)}`
    const page = (await call('GET', `/bench?list-type=2${more}`)).toString()
    keys += page.split('<Key>').length - 1
    token = /<NextContinuationToken>([^<]+)</.exec(page)?.[1]
  } while (token !== undefined)
  close()
  if (keys !== keysOf(target)) throw new Error(`${target.name} listed ${keys} keys`)
  return keys
}
