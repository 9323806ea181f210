import assert from 'node:assert/strict'
import { request } from 'node:http'
import { test } from 'node:test'
import { CreateBucketCommand, PutBucketCorsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { clientOf, startServer } from '../../server.ts'

const PAGE = 'https://app.example'
const FROM_PAGE = { origin: PAGE, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' }
const LINK = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
const IMAGE = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }

test("a bucket's rules let a page into that bucket, and a link leads to an object", async (t) => {
  const { port, clientConfig } = await startServer(t)
  const s3 = clientOf(t, new S3Client(clientConfig))
  for (const Bucket of ['open', 'shut']) {
    await s3.send(new CreateBucketCommand({ Bucket }))
    await s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }))
  }
  const rule = { AllowedOrigins: [PAGE], AllowedMethods: ['GET', 'PUT'], AllowedHeaders: ['*'] }
  await s3.send(new PutBucketCorsCommand({ Bucket: 'open', CORSConfiguration: { CORSRules: [rule] } }))

  const ask = (method: string, path: string, headers: Readonly<Record<string, string>>) =>
    new Promise<string>((resolve, reject) => {
      const asking = request({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
        answer.resume()
        const { 'access-control-allow-origin': allowed, 'cross-origin-resource-policy': embedding } =
          answer.headers
        resolve([answer.statusCode, allowed, embedding].filter(Boolean).join(' '))
      })
      asking.on('error', reject).end()
    })
  const table: readonly (readonly [string, Readonly<Record<string, string>>, string])[] = [
    ['GET /open/k', {}, '200 same-origin'],
    ['GET /open/k', FROM_PAGE, `200 ${PAGE} cross-origin`],
    ['GET /open', FROM_PAGE, `200 ${PAGE} cross-origin`],
    ['PUT /open/new', FROM_PAGE, `200 ${PAGE} cross-origin`],
    ['DELETE /open/k', FROM_PAGE, '403 cross-origin'],
    ['POST /open?delete', FROM_PAGE, '403 cross-origin'],
    ['PUT /open/new', { ...FROM_PAGE, 'x-amz-copy-source': '/shut/k' }, `403 ${PAGE} cross-origin`],
    ['GET /open/k', { ...FROM_PAGE, origin: 'null' }, '403 cross-origin'],
    ['GET /open/k', { ...FROM_PAGE, origin: 'https://evil.example' }, '403 cross-origin'],
    // It says itself that it is about to read.
    ['DELETE /open/k', { ...FROM_PAGE, 'access-control-request-method': 'GET' }, `403 ${PAGE} cross-origin`],
    ['GET /open/k', { ...IMAGE, referer: `${PAGE}/page` }, '200 cross-origin'],
    ['GET /open/k', { ...IMAGE, referer: 'https://evil.example/' }, '403 cross-origin'],
    ['GET /open/k', IMAGE, '403 cross-origin'],
    ['GET /shut/k', FROM_PAGE, '403 cross-origin'],
    ['GET /none/k', FROM_PAGE, '403 cross-origin'],
    ['GET /', FROM_PAGE, '403 cross-origin'],
    ['PUT /new', FROM_PAGE, '403 cross-origin'],
    ['OPTIONS /open/k', { ...FROM_PAGE, 'access-control-request-method': 'PUT' }, `200 ${PAGE} cross-origin`],
    ['OPTIONS /shut/k', { ...FROM_PAGE, 'access-control-request-method': 'PUT' }, '403 cross-origin'],
    ['GET /shut/k', LINK, '200 cross-origin'],
    ['GET /shut/k', { ...LINK, 'sec-fetch-dest': 'iframe' }, '403 cross-origin'],
    ['GET /shut', LINK, '403 cross-origin'],
    ['GET /', LINK, '403 cross-origin'],
    ['DELETE /shut/k', LINK, '403 cross-origin'],
    ['POST /shut/k', { ...LINK, origin: PAGE }, '403 cross-origin'],
  ]
  for (const [asked, headers, expected] of table) {
    const [method = '', path = ''] = asked.split(' ')
    assert.equal(await ask(method, path, headers), expected, `${asked} ${JSON.stringify(headers)}`)
  }
  assert.equal(await ask('GET', '/k', { host: `shut.localhost:${port}` }), '200 same-origin')
  assert.equal(await ask('GET', '/k', { host: 'shut.s3.us-east-1.amazonaws.com' }), '403 same-origin')
})

test('behind a proxy that ends TLS the console works under the name that it is given', async (t) => {
  const proxied = { allowHost: ['standpipe.example'], trustedProxy: ['127.0.0.1'] }
  for (const [settings, expected] of [
    [proxied, 200],
    [{ ...proxied, trustedProxy: [] }, 403],
    [{ ...proxied, allowHost: [] }, 403],
  ] as const) {
    const { port } = await startServer(t, settings)
    const headers = {
      host: 'standpipe.example',
      origin: 'https://standpipe.example',
      'x-forwarded-proto': 'https',
    }
    const target = { host: '127.0.0.1', port, method: 'POST', path: '/_standpipe/api/reset', headers }
    const status = await new Promise((resolve) =>
      request(target, (answer) => resolve(answer.resume().statusCode)).end(),
    )
    assert.equal(status, expected)
  }
})
