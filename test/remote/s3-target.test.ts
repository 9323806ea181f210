import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { HeadObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { objectUrl, type S3Target } from '../../src/remote/request.ts'
import { signRequest } from '../../src/service/signing/sign-request.ts'
import { clientOf } from '../server.ts'
import { targetAt } from './remote-lab.ts'

test('the bucket is in the path, or in the host name', () => {
  const cases = [
    ['http://127.0.0.1:9000', 'path', 'http://127.0.0.1:9000/lake/a/b'],
    ['http://127.0.0.1:9000/', 'path', 'http://127.0.0.1:9000/lake/a/b'],
    ['https://host/storage/v1/s3', 'path', 'https://host/storage/v1/s3/lake/a/b'],
    ['https://s3.eu-west-1.amazonaws.com', 'virtual-host', 'https://lake.s3.eu-west-1.amazonaws.com/a/b'],
    ['http://[::1]:9000', 'path', 'http://[::1]:9000/lake/a/b'],
  ] as const
  for (const [endpoint, addressing, url] of cases)
    assert.equal(objectUrl(targetAt(endpoint, { addressing }), 'lake', 'a/b').href, url)
})

/** A request as the SDK sends it. */
interface Sent {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
}

async function sentBySdk(test: TestContext, target: S3Target, Key: string): Promise<Sent> {
  let sent: Sent | undefined
  const { endpoint, region, credentials } = target
  const s3 = clientOf(
    test,
    new S3Client({
      ...{ endpoint, region, credentials },
      forcePathStyle: target.addressing === 'path',
      maxAttempts: 1,
      requestHandler: {
        async handle(request: Sent) {
          sent = request
          throw new Error('not sent')
        },
      },
    }),
  )
  await assert.rejects(s3.send(new HeadObjectCommand({ Bucket: 'lake', Key })))
  assert.ok(sent)
  return sent
}

test("keys of all kinds are written and signed as AWS's SDK does it", async (t) => {
  const keys = [
    'plain',
    'a b+c',
    'ü',
    '日本語/🚿',
    "&=?#%/(it's)*!~,;:@$",
    '/leading//double/',
    'back\\slash"<>|^`{}',
  ]
  const credentials = { accessKeyId: 'key', secretAccessKey: 'secret', sessionToken: 'token' }
  for (const addressing of ['path', 'virtual-host'] as const)
    for (const key of keys) {
      const target = targetAt('http://s3.example.com', { addressing, credentials })
      const { method, path, headers } = await sentBySdk(t, target, key)
      const url = objectUrl(target, 'lake', key)
      assert.equal(url.pathname, path)
      assert.equal(url.host, headers.host)
      const [, names] = /SignedHeaders=([^,]+)/.exec(headers.authorization!)!
      const own = /^(host|x-amz-date|x-amz-security-token)$/
      const { authorization } = signRequest({
        ...{ method, url, service: 's3', region: target.region, credentials },
        headers: Object.fromEntries(
          names!.split(';').flatMap((name) => (own.test(name) ? [] : [[name, headers[name]!]])),
        ),
        bodySha256: headers['x-amz-content-sha256']!,
        now: Date.parse(headers['x-amz-date']!.replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5')),
      })
      assert.equal(authorization, headers.authorization)
    }
})
