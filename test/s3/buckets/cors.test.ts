import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  DeleteBucketCorsCommand,
  GetBucketCorsCommand,
  PutBucketCorsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { corsHeaders } from '../../../src/s3/buckets/cors-rules.ts'
import { serveS3 } from '../serve-s3.ts'

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

test("a bucket's rules are kept, answered, and enforced on preflights and on answers", async (t) => {
  const { client, endpoint, errors } = await serveS3(t)
  const s3 = client()
  const Bucket = 'lake'
  const preflight = (headers: Record<string, string>) =>
    fetch(`${endpoint}/lake/key`, { method: 'OPTIONS', headers })
  const wish = { origin: APP, 'access-control-request-method': 'PUT' }

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

test('a refused preflight says what was asked for, and of what it was refused', async (t) => {
  const { client, endpoint, errors } = await serveS3(t)
  const s3 = client()
  const refusal = async (path: string, headers: Record<string, string>) => {
    const answer = await fetch(endpoint + path, { method: 'OPTIONS', headers })
    assert.equal(answer.headers.get('access-control-allow-origin'), null)
    const text = await answer.text()
    const element = (name: string) => new RegExp(`<${name}>(.*)</${name}>`).exec(text)?.[1]
    return [answer.status, ...['Code', 'Message', 'Method', 'ResourceType'].map(element)]
  }
  const forbidden = (why: string, method: string, resource: string) =>
    [403, 'AccessForbidden', `CORSResponse: ${why}`, method, resource] as const
  const bad = (message: string) => [400, 'BadRequest', message, undefined, undefined] as const
  const noOrigin = bad('Insufficient information. Origin request header needed.')
  const disabled = 'CORS is not enabled for this bucket.'
  const missing = 'Bucket not found'
  const disallowed =
    "This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec."
  const origin = APP
  const wish = { origin, 'access-control-request-method': 'PUT' }

  assert.deepEqual(await refusal('/lake/key', {}), noOrigin)
  assert.deepEqual(await refusal('/lake/key', wish), forbidden(disabled, 'PUT', 'BUCKET'))
  assert.deepEqual(await refusal('/lake/key', { origin }), forbidden(disabled, 'OPTIONS', 'BUCKET'))
  assert.deepEqual(await refusal('/nowhere/key', {}), noOrigin)
  assert.deepEqual(await refusal('/nowhere/key', wish), forbidden(missing, 'PUT', 'BUCKET'))
  assert.deepEqual(await refusal('/nowhere/key', { origin }), forbidden(missing, 'OPTIONS', 'BUCKET'))
  assert.deepEqual((await refusal('/No_Name/key', wish)).slice(0, 2), [400, 'InvalidBucketName'])

  await s3.send(new PutBucketCorsCommand({ Bucket: 'lake', CORSConfiguration: { CORSRules: RULES } }))
  const remove = { ...wish, 'access-control-request-method': 'DELETE' }
  const signed = { ...wish, 'access-control-request-headers': 'authorization' }
  const odd = { ...wish, 'access-control-request-method': 'PATCH' }
  assert.deepEqual(await refusal('/lake/key', remove), forbidden(disallowed, 'DELETE', 'OBJECT'))
  assert.deepEqual(await refusal('/lake/key', signed), forbidden(disallowed, 'PUT', 'OBJECT'))
  assert.deepEqual(await refusal('/lake', remove), forbidden(disallowed, 'DELETE', 'BUCKET'))
  assert.deepEqual(await refusal('/lake/', remove), forbidden(disallowed, 'DELETE', 'BUCKET'))
  assert.deepEqual(await refusal('/lake/key', { 'access-control-request-method': 'PUT' }), noOrigin)
  assert.deepEqual(await refusal('/lake/key', { origin }), bad('Invalid Access-Control-Request-Method: null'))
  assert.deepEqual(await refusal('/lake/key', odd), bad('Invalid Access-Control-Request-Method: PATCH'))
  assert.deepEqual(errors, [])
})

test("an actual request is judged by a preflight's headers where it carries them", async (t) => {
  const { client, endpoint, errors } = await serveS3(t)
  const s3 = client()
  await s3.send(new PutObjectCommand({ Bucket: 'lake', Key: 'key', Body: 'hello' }))
  const rule = {
    AllowedOrigins: [APP],
    AllowedMethods: ['GET'],
    AllowedHeaders: ['x-amz-expected-bucket-owner'],
  }
  await s3.send(new PutBucketCorsCommand({ Bucket: 'lake', CORSConfiguration: { CORSRules: [rule] } }))
  const send = async (method: string, headers: Record<string, string>) => {
    const answer = await fetch(`${endpoint}/lake/key`, { method, headers: { origin: APP, ...headers } })
    await answer.arrayBuffer()
    const about = ['access-control-allow-origin', 'access-control-allow-headers', 'vary']
    return [answer.status, ...about.map((name) => answer.headers.get(name))]
  }
  const vary = 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method'
  const bare = [200, null, null, null]
  const dressed = [200, APP, null, vary]
  const asksFor = (headers: string) => ({ 'access-control-request-headers': headers })

  assert.deepEqual(await send('GET', {}), dressed)
  assert.deepEqual(await send('GET', { 'access-control-request-method': 'PUT' }), bare)
  assert.deepEqual(await send('GET', { 'access-control-request-method': 'GET' }), dressed)
  assert.deepEqual(await send('GET', asksFor('x-amz-request-payer')), bare)
  assert.deepEqual(await send('GET', { 'x-amz-request-payer': 'requester' }), dressed)
  const allowed = 'x-amz-expected-bucket-owner'
  assert.deepEqual(await send('GET', asksFor(allowed.toUpperCase())), [200, APP, allowed, vary])
  assert.deepEqual(await send('PUT', {}), bare)
  assert.deepEqual(await send('PUT', { 'access-control-request-method': 'GET' }), dressed)
  assert.deepEqual(errors, [])
})
