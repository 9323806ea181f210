import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createAuthenticator } from '../../../src/auth/signatures/authenticator.ts'
import { rootOf } from '../../../src/service/principal.ts'
import type { RequestHead } from '../../../src/service/signing/authentication.ts'

const credential = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  isActive: true,
  principal: rootOf({ account: '123456789012', region: 'us-east-1', accessKeyId: 'AKIAIOSFODNN7EXAMPLE' }),
}
const authenticator = createAuthenticator({
  credentials: { find: () => credential },
  region: 'us-east-1',
  resources: { bucketOf: (host) => /^(.+)\.s3\./.exec(host)?.[1], isSubresource: (name) => name === 'acl' },
  isAnonymousJudged: false,
})
const NOW = Date.UTC(2013, 4, 24)
const SCOPE = 'AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request'
const authorization = (signedHeaders: string, signature: string) =>
  `AWS4-HMAC-SHA256 Credential=${SCOPE},SignedHeaders=${signedHeaders},Signature=${signature}`

const head = (method: string, url: string, headers: Record<string, string>): RequestHead => {
  const [path = '', rawQuery = ''] = url.split('?')
  return {
    ...{ method, path, rawQuery, query: new URLSearchParams(rawQuery) },
    headers: new Map(Object.entries({ host: 'examplebucket.s3.amazonaws.com', ...headers })),
    repeated: new Map(),
  }
}
const take = (request: RequestHead, now = NOW) => authenticator.authenticate(request, 'rest', now)

const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
const DATE = { 'x-amz-date': '20130524T000000Z' }

// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
test("AWS's examples of signatures in a header are taken", async () => {
  const examples: [method: string, url: string, headers: Record<string, string>][] = [
    [
      'GET',
      '/test.txt',
      {
        range: 'bytes=0-9',
        'x-amz-content-sha256': EMPTY,
        ...DATE,
        authorization: authorization(
          'host;range;x-amz-content-sha256;x-amz-date',
          'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
        ),
      },
    ],
    [
      'GET',
      '/?lifecycle',
      {
        'x-amz-content-sha256': EMPTY,
        ...DATE,
        authorization: authorization(
          'host;x-amz-content-sha256;x-amz-date',
          'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
        ),
      },
    ],
    [
      'GET',
      '/?max-keys=2&prefix=J',
      {
        'x-amz-content-sha256': EMPTY,
        ...DATE,
        authorization: authorization(
          'host;x-amz-content-sha256;x-amz-date',
          '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
        ),
      },
    ],
  ]
  for (const [method, url, headers] of examples)
    assert.equal((await take(head(method, url, headers))).principal, credential.principal, url)
})

// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
test("AWS's example of a link is taken for a day, and no longer", async () => {
  const members = {
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': SCOPE,
    'X-Amz-Date': '20130524T000000Z',
    'X-Amz-Expires': '86400',
    'X-Amz-SignedHeaders': 'host',
    'X-Amz-Signature': 'aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
  }
  const link = head('GET', `/test.txt?${new URLSearchParams(members)}`, {})
  await take(link)
  await take(link, NOW + 86_400_000)
  assert.throws(() => take(link, NOW + 86_400_001), { code: 'AccessDenied', message: 'Request has expired' })
  assert.throws(() => take(link, NOW - 15 * 60_000 - 1), { message: 'Request is not valid yet' })
})

// https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html
test("AWS's example of a link of version 2 is taken", async () => {
  const query = `AWSAccessKeyId=${credential.accessKeyId}&Signature=NpgCjnDzrM%2BWFzoENXmpNDUsSn8%3D&Expires=1175139620`
  const host = { host: 'johnsmith.s3.amazonaws.com' }
  await take(head('GET', `/photos/puppy.jpg?${query}`, host), 1_175_139_620_000)
  for (const [method, path, more] of [
    ['HEAD', '/photos/puppy.jpg', ''],
    ['GET', '/photos/kitten.jpg', ''],
    ['GET', '/photos/puppy.jpg', '&acl'],
    ['GET', '/photos/puppy.jpg', '&response-content-type=text/html'],
    ['GET', '/photos/puppy.jpg', '&x-amz-meta-a=b'],
  ] as const)
    assert.throws(() => take(head(method, `${path}?${query}${more}`, host), 1_175_139_620_000), {
      code: 'SignatureDoesNotMatch',
      status: 403,
    })
})

const A = Buffer.alloc(65 * 1024, 'a')
const upload = (payload: string, more: Record<string, string>, names: string, signature: string) =>
  head('PUT', '/examplebucket/chunkObject.txt', {
    host: 's3.amazonaws.com',
    ...DATE,
    'x-amz-storage-class': 'REDUCED_REDUNDANCY',
    'x-amz-content-sha256': payload,
    'content-encoding': 'aws-chunked',
    'x-amz-decoded-content-length': '66560',
    ...more,
    authorization: authorization(names, signature),
  })

// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
test("AWS's example of signed chunks is taken, chunk by chunk", async () => {
  const request = upload(
    'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
    { 'content-length': '66824' },
    'content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class',
    '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
  )
  const { chunks } = await take(request)
  chunks!.update(A.subarray(0, 65_536))
  chunks!.endChunk('ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648')
  chunks!.update(A.subarray(65_536))
  chunks!.endChunk('0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497')
  assert.throws(() => chunks!.endChunk('00'), { code: 'SignatureDoesNotMatch', status: 403 })
  assert.throws(() => chunks!.endChunk(undefined), { code: 'SignatureDoesNotMatch' })
  chunks!.endChunk('b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9')
  assert.equal(chunks!.hasTrailer, false)
})

// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
test("AWS's example of a signed trailer is taken", async () => {
  const request = upload(
    'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
    { 'x-amz-trailer': 'x-amz-checksum-crc32c' },
    'content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class;x-amz-trailer',
    '106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e',
  )
  const { chunks } = await take(request)
  chunks!.update(A.subarray(0, 65_536))
  chunks!.endChunk('b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2')
  chunks!.update(A.subarray(65_536))
  chunks!.endChunk('1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7')
  chunks!.endChunk('2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992')
  const lines = 'x-amz-checksum-crc32c:sOO8/Q==\n'
  const signature = 'd81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435'
  assert.throws(() => chunks!.endTrailers(lines.replace('Q', 'R'), signature), {
    code: 'SignatureDoesNotMatch',
  })
  chunks!.endTrailers(lines, signature)
})
