import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  DeleteBucketCorsCommand,
  GetBucketCorsCommand,
  PutBucketCorsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { corsHeaders } from '../../src/s3/cors.ts'
import { boundS3 } from './bound-s3.ts'
import { serveS3 } from './serve-s3.ts'

const RULES = [
  {
    ID: 'app',
    AllowedOrigins: ['https://*.example.com', 'http://localhost:3000'],
    AllowedMethods: ['GET', 'PUT'],
    AllowedHeaders: ['x-amz-*', 'Content-Type'],
    ExposeHeaders: ['ETag', 'x-amz-request-id'],
    MaxAgeSeconds: 3000,
  },
  { AllowedOrigins: ['*'], AllowedMethods: ['GET'] },
]
const APP = 'https://app.example.com'

test('the first rule that allows origin, method and headers decides', () => {
  const ask = (origin: string, method: string, headers: string[] = []) =>
    corsHeaders(RULES, { origin, method, headers })?.['access-control-allow-origin']
  assert.equal(ask(APP, 'PUT', ['x-amz-date', 'content-type']), APP)
  assert.equal(ask(APP, 'GET'), APP)
  assert.equal(ask('http://localhost:3000', 'PUT'), 'http://localhost:3000')
  assert.equal(ask('https://elsewhere.test', 'GET'), '*')
  assert.equal(ask('https://elsewhere.test', 'PUT'), undefined)
  assert.equal(ask(APP, 'PUT', ['authorization']), undefined)
  assert.equal(ask(APP, 'DELETE'), undefined)
  assert.equal(ask('https://example.com', 'PUT'), undefined)
  assert.equal(
    corsHeaders([{ ...RULES[0]!, AllowedOrigins: ['a*a'] }], { origin: 'a', method: 'GET', headers: [] }),
    undefined,
  )
})

test('rules that S3 does not take are refused', async () => {
  const { refused } = await boundS3()
  const put = async (rule: object) =>
    (await refused('PutBucketCors', { Bucket: 'lake', CORSConfiguration: { CORSRules: [rule] } })).code
  const rule = { AllowedOrigins: ['*'], AllowedMethods: ['GET'] }
  assert.equal(await put({ ...rule, AllowedMethods: ['PATCH'] }), 'InvalidRequest')
  assert.equal(await put({ ...rule, AllowedOrigins: ['*.*'] }), 'InvalidRequest')
  assert.equal(await put({ ...rule, AllowedHeaders: ['x-*-*'] }), 'InvalidRequest')
  assert.equal(await put({ ...rule, ExposeHeaders: ['x-*'] }), 'InvalidRequest')
  assert.equal(await put({ ...rule, AllowedMethods: [] }), 'MalformedXML')
  assert.equal(
    (await refused('PutBucketCors', { Bucket: 'lake', CORSConfiguration: { CORSRules: [] } })).code,
    'MalformedXML',
  )
})

test("a bucket's rules are kept, answered, and enforced on preflights and on answers", async (t) => {
  const { client, endpoint, errors } = await serveS3(t)
  const s3 = client()
  const Bucket = 'lake'
  const preflight = (headers: Record<string, string>, path = '/lake/key') =>
    fetch(endpoint + path, { method: 'OPTIONS', headers })
  const wish = { origin: APP, 'access-control-request-method': 'PUT' }

  const before = await preflight(wish)
  assert.equal(before.status, 403)
  assert.match(await before.text(), /<Code>AccessForbidden<.*CORS is not enabled for this bucket/s)

  await s3.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules: RULES } }))
  assert.deepEqual((await s3.send(new GetBucketCorsCommand({ Bucket }))).CORSRules, RULES)

  const allowed = await preflight({ ...wish, 'access-control-request-headers': 'X-Amz-Date,content-type' })
  assert.equal(allowed.status, 200)
  const answered = Object.fromEntries(allowed.headers)
  assert.equal(answered['access-control-allow-origin'], APP)
  assert.equal(answered['access-control-allow-methods'], 'GET, PUT')
  assert.equal(answered['access-control-allow-headers'], 'x-amz-date, content-type')
  assert.equal(answered['access-control-expose-headers'], 'ETag, x-amz-request-id')
  assert.equal(answered['access-control-max-age'], '3000')
  assert.equal(answered['access-control-allow-credentials'], 'true')
  assert.match(answered.vary ?? '', /Origin/)

  const refusals: [Record<string, string>, number, RegExp][] = [
    [{ ...wish, 'access-control-request-method': 'DELETE' }, 403, /not allowed/],
    [{ ...wish, 'access-control-request-headers': 'authorization' }, 403, /not allowed/],
    [{ 'access-control-request-method': 'PUT' }, 400, /Origin request header needed/],
    [{ origin: APP }, 400, /Invalid Access-Control-Request-Method/],
  ]
  for (const [headers, status, text] of refusals) {
    const answer = await preflight(headers)
    assert.equal(answer.status, status)
    assert.match(await answer.text(), text)
  }

  await s3.send(new PutObjectCommand({ Bucket, Key: 'key', Body: 'hello' }))
  const get = async (origin: string, path: string) => {
    const answer = await fetch(endpoint + path, { headers: { origin } })
    await answer.arrayBuffer()
    return [answer.status, answer.headers.get('access-control-allow-origin')]
  }
  assert.deepEqual(await get(APP, '/lake/key'), [200, APP])
  assert.deepEqual(await get('https://elsewhere.test', '/lake/key'), [200, '*'])
  assert.deepEqual(await get(APP, '/lake/none'), [404, APP])
  assert.deepEqual(await get(APP, '/nowhere/none'), [404, null])

  await s3.send(new DeleteBucketCorsCommand({ Bucket }))
  assert.equal((await preflight(wish)).status, 403)
  assert.deepEqual(await get(APP, '/lake/key'), [200, null])
  assert.deepEqual(errors, [])
})
