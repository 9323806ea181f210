import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import { fetchSigned } from '../../client-access.ts'
import { serveS3 } from '../serve-s3.ts'

interface Request {
  readonly headers?: Record<string, string>
  readonly body?: string
}

async function serve(t: TestContext) {
  const { endpoint, errors, put, get } = await serveS3(t)
  const send = async (request: string, more: Request = {}) => {
    const [method, path] = request.split(' ') as [string, string]
    const md5 = createHash('md5')
      .update(String(more.body ?? ''))
      .digest('base64')
    const headers = path.endsWith('?delete') ? { 'content-md5': md5, ...more.headers } : more.headers
    const answer = await fetchSigned(endpoint + path, { method, ...more, ...(headers && { headers }) })
    const body = await answer.text()
    const text = (name: string) => new RegExp(`<${name}>(.*?)</${name}>`, 's').exec(body)?.[1]
    return { status: answer.status, body, text }
  }
  const assertRefused = async (
    [request, more]: readonly [string, Request?],
    [status, code, message, name, value]: readonly [number, string, string?, string?, string?],
  ) => {
    const answer = await send(request, more)
    const words = [answer.text('Code'), answer.text('Message'), answer.text('ArgumentName')]
    const told = [answer.status, ...words, answer.text('ArgumentValue')]
    assert.deepEqual(told, [status, code, message ?? words[1], name, value], `${request} ${answer.body}`)
  }
  return { send, assertRefused, errors, put, get }
}

const MALFORMED = 'The XML you provided was not well-formed or did not validate against our published schema'
const EMPTY_VERSION = 'Version id cannot be the empty string'
const NO_VERSION = 'Invalid version id specified'

test('a version that there cannot be is refused, in a bucket that is there', async (t) => {
  const { assertRefused, put, get, errors } = await serve(t)
  await put('k', 'x')
  for (const method of ['GET', 'DELETE'])
    for (const query of ['versionId=', 'versionId', 'versionId=abc']) {
      const [message, value] = query.endsWith('abc') ? [NO_VERSION, 'abc'] : [EMPTY_VERSION, '']
      const refusal = [400, 'InvalidArgument', message, 'versionId', value] as const
      await assertRefused([`${method} /lake/k?${query}`], refusal)
    }
  for (const method of ['GET', 'DELETE'])
    await assertRefused([`${method} /nowhere/k?versionId=abc`], [404, 'NoSuchBucket'])
  assert.equal(await get('k', { VersionId: 'null' }), 'x')
  assert.deepEqual(errors, [])
})

test('what takes no version says so, and part numbers belong to uploads', async (t) => {
  const { send, assertRefused } = await serve(t)
  const id = (await send('POST /lake/big?uploads')).text('UploadId')
  const headers = { 'x-amz-copy-source': '/lake/k' }
  for (const more of [{ body: 'x' }, { headers }])
    for (const value of ['', 'abc', 'null'])
      await assertRefused(
        [`PUT /lake/big?partNumber=1&uploadId=${id}&versionId=${value}`, more],
        [400, 'InvalidArgument', 'This operation does not accept a version-id.', 'versionId', value],
      )
  for (const more of [{ body: 'x' }, { headers }]) {
    await assertRefused(
      [`PUT /lake/big?uploadId=${id}`, more],
      [405, 'MethodNotAllowed', 'The specified method is not allowed against this resource.'],
    )
    await assertRefused(
      ['PUT /lake/big?partNumber=1', more],
      [
        400,
        'InvalidArgument',
        'This operation does not accept partNumber without uploadId',
        'partNumber',
        'partNumber',
      ],
    )
  }
  assert.equal((await send('GET /lake/big')).status, 404)
  for (const method of ['PUT', 'DELETE']) await assertRefused([`${method} /`], [405, 'MethodNotAllowed'])
})

test("a copy's source is found behind a host's name, and refused in S3's words", async (t) => {
  const { send, assertRefused, put, get } = await serve(t)
  await put('k', 'x')
  const id = (await send('POST /lake/big?uploads')).text('UploadId')
  const from = (source: string) => ({ headers: { 'x-amz-copy-source': source } })
  const part = `PUT /lake/big?partNumber=1&uploadId=${id}`
  for (const source of ['https://s3.amazonaws.com/lake/k', 'http://localhost:4566/lake/k?versionId=null']) {
    await put('copy', 'earlier')
    for (const request of ['PUT /lake/copy', part])
      assert.equal((await send(request, from(source))).status, 200, source)
    assert.equal(await get('copy'), 'x')
  }
  const name = 'x-amz-copy-source'
  for (const [request, source, refusal] of [
    ['PUT /lake/copy', 'wrongformat', [400, 'InvalidArgument', 'Invalid copy source object key', name, name]],
    ['PUT /lake/copy', '/lake/k?versionId=', [400, 'InvalidArgument', EMPTY_VERSION, name, '']],
    ['PUT /lake/copy', '/lake/k?versionId=abc', [400, 'InvalidRequest', 'Invalid Request']],
    [part, '/lake/k?versionId=', [400, 'InvalidArgument', EMPTY_VERSION, name, '']],
    [part, '/lake/k?versionId=abc', [400, 'InvalidArgument', NO_VERSION, name, 'abc']],
  ] as const)
    await assertRefused([request, from(source)], [...refusal])
})

test('what is said of checksums and of retention is refused in the words of S3', async (t) => {
  const { assertRefused, put, get } = await serve(t)
  await put('k', 'x')
  const checksum =
    'Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]'
  await assertRefused(
    ['POST /lake/k?uploads', { headers: { 'x-amz-checksum-algorithm': 'FOO' } }],
    [400, 'InvalidRequest', checksum],
  )
  const name = 'x-amz-bypass-governance-retention'
  const message = `${name} is only applicable to Object Lock enabled buckets.`
  const body = '<Delete><Object><Key>k</Key></Object></Delete>'
  for (const value of ['true', 'false'])
    for (const request of ['DELETE /lake/k', 'POST /lake?delete'])
      await assertRefused(
        [request, { headers: { [name]: value }, ...(request.startsWith('POST') && { body }) }],
        [400, 'InvalidArgument', message, name],
      )
  assert.equal(await get('k'), 'x')
})

test('a version that is not there is told of beside what was deleted', async (t) => {
  const { send, put } = await serve(t)
  await put('k', 'x')
  const body =
    '<Delete><Object><Key>k</Key><VersionId>v1</VersionId></Object><Object><Key>n</Key><VersionId>null</VersionId></Object></Delete>'
  const answer = await send('POST /lake?delete', { body })
  assert.match(
    answer.body,
    /<Error><Key>k<\/Key><VersionId>v1<\/VersionId><Code>NoSuchVersion<\/Code><Message>The specified version does not exist\.<\/Message><\/Error>/,
  )
  assert.equal((await send('GET /lake/k')).body, 'x')
})

test('a body of spaces is no empty body, and nothing in a body is said twice', async (t) => {
  const { send, assertRefused, put, get } = await serve(t)
  await put('k', 'x')
  const rule = '<ID>a</ID><Prefix/><Status>Enabled</Status><Expiration><Days>1</Days></Expiration>'
  const tag = '<Tag><Key>a</Key><Value>1</Value></Tag>'
  for (const [request, body] of [
    ['PUT /lake/k?tagging', ' \n'],
    ['POST /lake?delete', ' \n'],
    ['PUT /pond', ' \n'],
    ['POST /lake?delete', '<Delete><Object><Key>k</Key><Key>l</Key></Object></Delete>'],
    ['PUT /lake/k?tagging', `<Tagging><TagSet>${tag}</TagSet><TagSet/></Tagging>`],
    [
      'PUT /lake?tagging',
      `<Tagging><TagSet>${tag.replace('<Value>', '<Key>b</Key><Value>')}</TagSet></Tagging>`,
    ],
    [
      'PUT /lake?lifecycle',
      `<LifecycleConfiguration><Rule>${rule}<ID>b</ID></Rule></LifecycleConfiguration>`,
    ],
    [
      'PUT /lake?lifecycle',
      `<LifecycleConfiguration><Rule>${rule}<NoncurrentVersionExpiration/></Rule></LifecycleConfiguration>`,
    ],
  ] as const)
    await assertRefused([request, { body }], [400, 'MalformedXML', MALFORMED])
  await assertRefused(['PUT /lake/k?tagging'], [400, 'MissingRequestBodyError', 'Request Body is empty'])
  const and = `<Filter><And><Prefix>a</Prefix>${tag}${tag}</And></Filter>`
  await assertRefused(
    [
      'PUT /lake?lifecycle',
      {
        body: `<LifecycleConfiguration><Rule>${rule.replace('<Prefix/>', and)}</Rule></LifecycleConfiguration>`,
      },
    ],
    [400, 'InvalidRequest', 'Duplicate Tag Keys are not allowed.'],
  )
  assert.equal((await send('HEAD /pond')).status, 404)
  assert.equal(await get('k'), 'x')
})
