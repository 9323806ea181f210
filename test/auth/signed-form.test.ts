import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import { CreateBucketCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import type { Credential } from '../../src/auth/credentials.ts'
import { createAuthenticator } from '../../src/auth/signatures/authenticator.ts'
import { rootOf } from '../../src/service/principal.ts'
import { signerOf } from '../../src/service/signing/signing-key.ts'
import { postForm } from '../s3/forms/signed-fields.ts'
import { permanent, startClosed, temporary } from './closed-server.ts'

type Fields = Record<string, string>

const SCOPE = { date: '20260506', region: 'us-east-1', service: 's3' }
const GIVEN: Fields = { key: 'in/a', acl: 'private', 'Content-Type': 'text/plain', 'x-amz-meta-a': 'b' }
const EXPIRATION = '2999-01-01T00:00:00Z'

/** A form as its fields are signed: each has its condition. */
function signed(
  { accessKeyId, secretAccessKey, sessionToken }: Credential,
  version: 2 | 4,
  given: Fields = GIVEN,
  expiration = EXPIRATION,
): Fields {
  const fields: Fields = {
    ...given,
    ...(sessionToken !== undefined && { 'x-amz-security-token': sessionToken }),
    ...(version === 4 && {
      'x-amz-algorithm': 'AWS4-HMAC-SHA256',
      'x-amz-credential': `${accessKeyId}/20260506/us-east-1/s3/aws4_request`,
      'x-amz-date': '20260506T070809Z',
    }),
  }
  const conditions = [
    { bucket: 'lake' },
    ...Object.entries(fields).map(([name, value]) => ({ [name]: value })),
  ]
  const policy = Buffer.from(JSON.stringify({ expiration, conditions })).toString('base64')
  return version === 4
    ? { ...fields, policy, 'x-amz-signature': signerOf(secretAccessKey, SCOPE)(policy) }
    : {
        ...fields,
        ...{ policy, AWSAccessKeyId: accessKeyId },
        signature: createHmac('sha1', secretAccessKey).update(policy).digest('base64'),
      }
}

async function lake(t: TestContext) {
  const { endpoint, clientConfig } = await startClosed(t)
  const s3 = new S3Client(clientConfig())
  t.after(() => s3.destroy())
  await s3.send(new CreateBucketCommand({ Bucket: 'lake' }))
  const keys = async () =>
    ((await s3.send(new ListObjectsV2Command({ Bucket: 'lake' }))).Contents ?? []).map(({ Key }) => Key)
  return { url: `${endpoint}/lake`, keys }
}

test('a form that is signed is taken, of both versions, with a lasting key and with a temporary one', async (t) => {
  const { url, keys } = await lake(t)
  for (const key of [permanent, temporary])
    for (const version of [2, 4] as const) {
      const { status, text } = await postForm(
        url,
        signed(key, version, { key: `${key.accessKeyId}${version}` }),
      )
      assert.equal(status, 204, text)
    }
  assert.equal((await keys()).length, 4)
})

test('a form of which any field was changed, added or taken away is refused', async (t) => {
  const { url, keys } = await lake(t)
  for (const version of [2, 4] as const) {
    const form = signed(temporary, version)
    for (const name of Object.keys(form)) {
      const { [name]: value = '', ...without } = form
      for (const changed of [without, { ...form, [name]: `${value}x` }, { ...form, [name]: '' }]) {
        const { status, code } = await postForm(url, changed)
        assert.ok(
          status === 403 || status === 400,
          `version ${version} took ${name}: ${JSON.stringify(changed[name])}`,
        )
        assert.ok(code, 'S3 says why')
      }
    }
    for (const [name, code] of [
      ['x-amz-storage-class', 'AccessDenied'],
      ['success_action_redirect', 'AccessDenied'],
      ['tagging', 'AccessDenied'],
    ] as const)
      assert.equal((await postForm(url, { ...form, [name]: 'x' })).code, code)
  }
  assert.deepEqual(await keys(), [])
})

test('a form whose signature is not one is refused with what S3 says', async (t) => {
  const { url } = await lake(t)
  const form = signed(permanent, 4)
  const stranger = { ...permanent, accessKeyId: 'AKIDSTRANGER' }
  for (const [what, fields, code] of [
    ['nothing signed', GIVEN, 'AccessDenied'],
    ['a policy alone', { ...GIVEN, policy: form.policy! }, 'AccessDenied'],
    ['an unknown key', signed(stranger, 4), 'InvalidAccessKeyId'],
    ['an unknown key', signed(stranger, 2), 'InvalidAccessKeyId'],
    ['another secret', signed({ ...permanent, secretAccessKey: 'x' }, 4), 'SignatureDoesNotMatch'],
    ['another secret', signed({ ...permanent, secretAccessKey: 'x' }, 2), 'SignatureDoesNotMatch'],
    [
      'another service',
      { ...form, 'x-amz-credential': form['x-amz-credential']!.replace('/s3/', '/ec2/') },
      'AuthorizationHeaderMalformed',
    ],
    ['another day', { ...form, 'x-amz-date': '20260507T070809Z' }, 'AuthorizationQueryParametersError'],
    [
      'another algorithm',
      { ...form, 'x-amz-algorithm': 'AWS4-HMAC-SHA1' },
      'AuthorizationQueryParametersError',
    ],
    ['another token', { ...signed(temporary, 4), 'x-amz-security-token': 'x' }, 'InvalidToken'],
    ['a policy that is over', signed(permanent, 4, GIVEN, '2020-01-01T00:00:00Z'), 'AccessDenied'],
  ] as const)
    assert.equal((await postForm(url, fields)).code, code, what)
  const { 'x-amz-date': _, ...undated } = form
  assert.match(
    (await postForm(url, undated)).text,
    /<Message>Bucket POST must contain a field named 'X-Amz-Date'\. {2}If it is specified, please check the order of the fields\.<\/Message><ArgumentName>X-Amz-Date</,
  )
})

test("AWS's published example has the signature that AWS computed", async () => {
  const policy =
    'eyAiZXhwaXJhdGlvbiI6ICIyMDE1LTEyLTMwVDEyOjAwOjAwLjAwMFoiLA0KICAiY29uZGl0aW9ucyI6IFsNCiAgICB7ImJ1Y2tldCI6ICJzaWd2NGV4YW1wbGVidWNrZXQifSwNCiAgICBbInN0YXJ0cy13aXRoIiwgIiRrZXkiLCAidXNlci91c2VyMS8iXSwNCiAgICB7ImFjbCI6ICJwdWJsaWMtcmVhZCJ9LA0KICAgIHsic3VjY2Vzc19hY3Rpb25fcmVkaXJlY3QiOiAiaHR0cDovL3NpZ3Y0ZXhhbXBsZWJ1Y2tldC5zMy5hbWF6b25hd3MuY29tL3N1Y2Nlc3NmdWxfdXBsb2FkLmh0bWwifSwNCiAgICBbInN0YXJ0cy13aXRoIiwgIiRDb250ZW50LVR5cGUiLCAiaW1hZ2UvIl0sDQogICAgeyJ4LWFtei1tZXRhLXV1aWQiOiAiMTQzNjUxMjM2NTEyNzQifSwNCiAgICB7IngtYW16LXNlcnZlci1zaWRlLWVuY3J5cHRpb24iOiAiQUVTMjU2In0sDQogICAgWyJzdGFydHMtd2l0aCIsICIkeC1hbXotbWV0YS10YWciLCAiIl0sDQoNCiAgICB7IngtYW16LWNyZWRlbnRpYWwiOiAiQUtJQUlPU0ZPRE5ON0VYQU1QTEUvMjAxNTEyMjkvdXMtZWFzdC0xL3MzL2F3czRfcmVxdWVzdCJ9LA0KICAgIHsieC1hbXotYWxnb3JpdGhtIjogIkFXUzQtSE1BQy1TSEEyNTYifSwNCiAgICB7IngtYW16LWRhdGUiOiAiMjAxNTEyMjlUMDAwMDAwWiIgfQ0KICBdDQp9'
  const accessKeyId = 'AKIAIOSFODNN7EXAMPLE'
  const principal = rootOf({ account: '123456789012', region: 'us-east-1', accessKeyId })
  const { authenticateForm } = createAuthenticator({
    credentials: {
      find: () => ({
        ...{ accessKeyId, principal, isActive: true },
        secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
      }),
    },
    region: 'us-east-1',
    resources: { bucketOf: () => undefined, isSubresource: () => false },
    isAnonymousJudged: true,
  })
  const fields = new Map([
    ['policy', policy],
    ['x-amz-algorithm', 'AWS4-HMAC-SHA256'],
    ['x-amz-credential', `${accessKeyId}/20151229/us-east-1/s3/aws4_request`],
    ['x-amz-date', '20151229T000000Z'],
    ['x-amz-signature', '8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e'],
  ])
  assert.equal((await authenticateForm(fields, Date.now())).principal, principal)
})
