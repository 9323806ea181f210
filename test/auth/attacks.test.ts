import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:http2'
import { type TestContext, test } from 'node:test'
import { signature2, stringToSign2 } from '../../src/auth/signatures/version-2.ts'
import { bucketOfHost } from '../../src/s3/dialect/s3-dialect.ts'
import { isSubresource } from '../../src/s3/dialect/selectors.ts'
import { basicTime } from '../../src/service/signing/basic-time.ts'
import { canonicalRequest } from '../../src/service/signing/canonical-request.ts'
import {
  ALGORITHM,
  scopeText,
  sha256Hex,
  signerOf,
  stringToSign,
} from '../../src/service/signing/signing-key.ts'
import { permanent, startClosed } from './closed-server.ts'
import { ask, send } from './send-signed.ts'
import { signLink } from './sign-link.ts'
import { allow, deny, policyOf } from './users.ts'

// Each of these was let in once.

const OBJECTS = 'arn:aws:s3:::lake/*'

/** A closed server with a bucket `lake`, an object `k` in it, and a bucket policy that nothing blocks. */
async function lake(t: TestContext, ...statements: object[]) {
  const { endpoint } = await startClosed(t)
  const put = async (path: string, body = '') => {
    const { status, body: answer } = await ask(endpoint, { service: 's3', method: 'PUT', path, body })
    assert.ok(status < 300, answer)
  }
  await put('/lake')
  await put('/lake/k', 'lake')
  await ask(endpoint, { service: 's3', method: 'DELETE', path: '/lake?publicAccessBlock' })
  if (statements.length > 0) await put('/lake?policy', policyOf(...statements))
  const statusOf = async (url: string | URL) => (await send(new URL(url, endpoint), 'GET', {})).status
  const link = (now = Date.now()) =>
    signLink(
      {
        ...{ method: 'GET', url: new URL(`${endpoint}/lake/k`), service: 's3', region: 'us-east-1' },
        ...{ credentials: permanent, now },
      },
      3_600,
    )
  return { endpoint, put, statusOf, link }
}

const when = (operator: string, key: string, value: string) => ({
  Principal: '*',
  Condition: { [operator]: { [key]: value } },
})

test('who signs nothing is no link, whatever its query says', async (t) => {
  const only = allow('s3:GetObject', OBJECTS, when('StringEquals', 's3:authType', 'REST-QUERY-STRING'))
  const { statusOf, link } = await lake(t, only)
  for (const query of ['', '?Signature=x', '?Signature=x&Expires=1']) {
    assert.equal(await statusOf(`/lake/k${query}`), 403, query)
  }
  assert.equal(await statusOf(link()), 200)
})

test('a bucket can do without links of version 2, old links and bodies that are not signed', async (t) => {
  const { endpoint, statusOf, link } = await lake(
    t,
    deny('s3:GetObject', OBJECTS, when('StringEquals', 's3:signatureversion', 'AWS')),
    deny('s3:GetObject', OBJECTS, when('NumericGreaterThan', 's3:signatureAge', '600000')),
    deny('s3:PutObject', OBJECTS, when('StringEquals', 's3:x-amz-content-sha256', 'UNSIGNED-PAYLOAD')),
  )
  assert.equal(await statusOf(link()), 200)
  assert.equal(await statusOf(link(Date.now() - 700_000)), 403)

  const expires = String(Math.floor(Date.now() / 1000) + 60)
  const query = new URLSearchParams({ AWSAccessKeyId: permanent.accessKeyId, Expires: expires })
  const head = {
    ...{ method: 'GET', path: '/lake/k', rawQuery: '', query, repeated: new Map() },
    headers: new Map([['host', new URL(endpoint).host]]),
  }
  const text = stringToSign2(head, { bucketOf: bucketOfHost, isSubresource })
  query.set('Signature', signature2(permanent.secretAccessKey, text))
  const old = await send(new URL(`${endpoint}/lake/k?${query}`), 'GET', {})
  assert.deepEqual([old.status, old.message?.includes('explicit deny')], [403, true])

  const headers = { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }
  const unsigned = { service: 's3', method: 'PUT', path: '/lake/x', body: 'x', headers } as const
  assert.equal((await ask(endpoint, unsigned)).status, 403)
  assert.equal((await ask(endpoint, { ...unsigned, headers: {} })).status, 200)
})

test('over HTTP/2 a signed :authority says nothing of another host', async (t) => {
  const { endpoint, put } = await lake(t)
  await put('/other')
  await put('/other/k', 'other')
  const { port } = new URL(endpoint)
  const authority = `lake.localhost:${port}`
  const time = basicTime(Date.now())
  const scope = { date: time.slice(0, 8), region: 'us-east-1', service: 's3' }
  const payload = sha256Hex('')
  const headers = { ':authority': authority, 'x-amz-content-sha256': payload, 'x-amz-date': time }
  const path = '/k'
  const canonical = canonicalRequest({
    ...{ method: 'GET', path, query: '', headers: Object.entries(headers), payload },
  })
  const sign = signerOf(permanent.secretAccessKey, scope)
  const signature = sign(stringToSign(time, scopeText(scope), canonical))
  const names = Object.keys(headers).join(';')
  const authorization = `${ALGORITHM} Credential=${permanent.accessKeyId}/${scopeText(scope)}, SignedHeaders=${names}, Signature=${signature}`

  const session = connect(endpoint)
  t.after(() => session.close())
  const statusOf = async (more: Record<string, string>) => {
    const stream = session.request({ ...headers, ':path': path, authorization, ...more })
    const [answer] = await once(stream, 'response')
    stream.resume()
    return answer[':status']
  }
  assert.equal(await statusOf({}), 200)
  assert.equal(await statusOf({ host: authority }), 200)
  assert.equal(await statusOf({ host: `other.localhost:${port}` }), 403)
})

test('who signs for another partition does not call what is denied by another name', async (t) => {
  const { endpoint } = await lake(t)
  const ofChina = { signing: { region: 'cn-north-1' } }
  for (const service of ['s3', 'kinesis', 'sts'] as const)
    assert.ok((await ask(endpoint, { service, ...ofChina })).status >= 400, service)
  const body = `<CreateBucketConfiguration><LocationConstraint>cn-north-1</LocationConstraint></CreateBucketConfiguration>`
  const { code } = await ask(endpoint, { service: 's3', method: 'PUT', path: '/china', body })
  assert.equal(code, 'InvalidLocationConstraint')
  for (const region of ['eu-west-1', 'local'])
    assert.equal((await ask(endpoint, { service: 'kinesis', signing: { region } })).status, 200, region)
})
