import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fetchSigned } from '../../client-access.ts'
import { serveS3 } from '../serve-s3.ts'

async function serve(t: Parameters<typeof serveS3>[0]) {
  const served = await serveS3(t)
  await served.put('k', 'the object')
  const send = async (method: string, path: string) => {
    const answer = await fetchSigned(served.endpoint + path, { method })
    const body = await answer.text()
    const text = (name: string) => new RegExp(`<${name}>(.*?)</${name}>`, 's').exec(body)?.[1]
    return { status: answer.status, body, text }
  }
  return { ...served, send }
}

test("some of a bucket's settings are answered at its keys, whichever key is named", async (t) => {
  const { send, errors } = await serve(t)
  for (const name of [
    ...['accelerate', 'cors', 'lifecycle', 'location', 'notification', 'policy', 'replication'],
    ...['requestPayment', 'versioning', 'website'],
  ]) {
    const own = await send('GET', `/lake?${name}`)
    const withoutIds = (body: string) => body.replace(/<RequestId>.*<\/HostId>/, '')
    for (const key of ['k', 'none', 'a/b']) {
      const { status, body } = await send('GET', `/lake/${key}?${name}`)
      assert.deepEqual([status, withoutIds(body)], [own.status, withoutIds(own.body)], `${key}?${name}`)
    }
    assert.equal((await send('GET', `/nowhere/k?${name}`)).text('Code'), 'NoSuchBucket')
  }
  assert.deepEqual(errors, [])
})

test("others of a bucket's settings mean nothing at a key: it is read", async (t) => {
  const { send } = await serve(t)
  for (const name of [
    'abac',
    'analytics',
    'metrics',
    'object-lock',
    'ownershipControls',
    'publicAccessBlock',
  ]) {
    const { status, body } = await send('GET', `/lake/k?${name}`)
    assert.deepEqual([status, body], [200, 'the object'], name)
    assert.equal((await send('GET', `/lake/none?${name}`)).text('Code'), 'NoSuchKey', name)
  }
})

test('what means nothing at a key takes and changes nothing there', async (t) => {
  const { send, get } = await serve(t)
  for (const method of ['PUT', 'DELETE'])
    for (const name of ['metrics', 'policy', 'location', 'publicAccessBlock'])
      assert.equal((await send(method, `/lake/k?${name}`)).status, 501, `${method} ${name}`)
  assert.equal(await get('k'), 'the object')
})

test('there are things that no key has, and things that have no GET or no HEAD', async (t) => {
  const { send } = await serve(t)
  for (const [name, code] of [
    ['logging', 'NoLoggingStatusForKey'],
    ['versions', 'InvalidRequest'],
  ] as const) {
    const { status, text } = await send('GET', `/lake/k?${name}`)
    const message = `There is no such thing as the ?${name} sub-resource for a key`
    assert.deepEqual([status, text('Code'), text('Message')], [400, code, message])
  }
  for (const name of ['uploads', 'restore', 'select', 'delete'])
    assert.equal((await send('GET', `/lake/k?${name}`)).text('Code'), 'MethodNotAllowed', name)
  for (const path of [
    '/lake?location',
    '/lake?versioning',
    '/lake/k?acl',
    '/lake/k?tagging',
    '/lake/none?acl',
  ])
    assert.equal((await send('HEAD', path)).status, 405, path)
})

test('two subresources in one request conflict, named in their order', async (t) => {
  const { send, errors } = await serve(t)
  for (const [method, path, names] of [
    ['GET', '/lake?versioning&acl', 'acl, versioning'],
    ['GET', '/lake?acl&versioning', 'acl, versioning'],
    ['GET', '/lake?uploads&uploadId=x', 'uploadId, uploads'],
    ['GET', '/lake/k?tagging&acl', 'acl, tagging'],
    ['GET', '/lake/k?partNumber=1&tagging', 'partNumber, tagging'],
    ['PUT', '/lake/k?tagging&acl', 'acl, tagging'],
    ['DELETE', '/lake?policy&cors', 'cors, policy'],
    ['GET', '/nowhere?acl&versioning', 'acl, versioning'],
  ] as const) {
    const { status, text, body } = await send(method, path)
    assert.deepEqual([status, text('Code')], [400, 'InvalidArgument'], `${path} ${body}`)
    assert.equal(text('Message'), `Conflicting query string parameters: ${names}`)
    assert.deepEqual([text('ArgumentName'), text('ArgumentValue')], ['ResourceType', names.split(',')[0]])
  }
  assert.equal((await send('HEAD', '/lake?versioning&acl')).status, 400)
  assert.equal((await send('GET', '/lake/k?versionId=null&partNumber=1')).status, 206)
  assert.deepEqual(errors, [])
})
