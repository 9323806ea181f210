/** What web pages try that are not the console's, in a real browser: each of these did something once. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { CreateStreamCommand, KinesisClient, ListStreamsCommand } from '@aws-sdk/client-kinesis'
import {
  CreateBucketCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutBucketCorsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import type { Frame, Page } from 'playwright-core'
import type { StartOptions } from '../../src/start.ts'
import { clientOf, startServer } from '../server.ts'
import { noChromium, openContext } from './chromium.ts'

const OBJECTS: Readonly<Record<string, string>> = {
  'secret.txt': 'the secret',
  'note.txt': '<script>fetch("/_standpipe/api/reset", { method: "POST" }); document.title = "owned"</script>',
  'x.js': 'globalThis.owned = true',
}

/** A server with something to steal, a browser for which every name is this machine, and a stranger's website. */
async function world(t: TestContext, options: (websitePort: number) => StartOptions = () => ({})) {
  const website = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>A website</title>')
  }).listen(0, '127.0.0.1')
  await once(website, 'listening')
  t.after(() => website.close())
  const { port: websitePort } = website.address() as AddressInfo
  const standpipe = await startServer(t, options(websitePort))
  const s3 = clientOf(t, new S3Client(standpipe.clientConfig))
  const kinesis = clientOf(t, new KinesisClient(standpipe.clientConfig))
  await kinesis.send(new CreateStreamCommand({ StreamName: 'clicks', ShardCount: 1 }))
  await s3.send(new CreateBucketCommand({ Bucket: 'lake' }))
  for (const [Key, Body] of Object.entries(OBJECTS))
    await s3.send(new PutObjectCommand({ Bucket: 'lake', Key, Body, ContentType: typeOf(Key) }))

  const context = await openContext(t, { args: ['--host-resolver-rules=MAP *.example 127.0.0.1'] })
  const page = await context.newPage()
  page.setDefaultTimeout(8_000)
  return {
    ...{ s3, page, port: standpipe.port, target: `http://127.0.0.1:${standpipe.port}` },
    websitePort,
    /** All that there is. */
    async state() {
      const { StreamNames } = await kinesis.send(new ListStreamsCommand())
      const { Buckets = [] } = await s3.send(new ListBucketsCommand())
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'lake' }))
      return [StreamNames, Buckets.map(({ Name }) => Name), Contents.map(({ Key }) => Key)]
    },
  }
}

const typeOf = (key: string) => (key.endsWith('.js') ? 'text/javascript' : 'text/plain')
const UNTOUCHED = [['clicks'], ['lake'], Object.keys(OBJECTS).toSorted()]

interface Attack {
  readonly path: string
  readonly init?: Readonly<Record<string, unknown>>
  /** In base64: a body of bytes. */
  readonly bytes?: string
}

const SIGNED =
  'AWS4-HMAC-SHA256 Credential=AKIA/20260101/us-east-1/kinesis/aws4_request, SignedHeaders=host, Signature=00'
const DELETE = '<Delete><Object><Key>secret.txt</Key></Object></Delete>'
const kinesis = (operation: string, type: string, body: object, bytes?: string): Attack => ({
  path: '/',
  init: {
    method: 'POST',
    body: JSON.stringify(body),
    headers: {
      'content-type': type,
      'x-amz-target': `Kinesis_20131202.${operation}`,
      ...{ authorization: SIGNED, 'x-amz-date': '20260101T000000Z' },
    },
  },
  ...(bytes !== undefined && { bytes }),
})
/** `{}` and `{"StreamName": "evil", "ShardCount": 1}` in CBOR. */
const CBOR_EMPTY = Buffer.from('a0', 'hex').toString('base64')
const CBOR_STREAM = Buffer.from('a26a53747265616d4e616d65646576696c6a5368617264436f756e7401', 'hex').toString(
  'base64',
)
const post = (path: string, mode: 'cors' | 'no-cors', body = '{}'): Attack => ({
  path,
  init: { method: 'POST', mode, body, headers: { 'content-type': 'text/plain' } },
})

const ATTACKS: readonly Attack[] = [
  { path: '/' },
  { path: '/lake?list-type=2' },
  { path: '/lake/secret.txt' },
  ...['text/plain', 'application/x-amz-json-1.1'].flatMap((type) => [
    kinesis('ListStreams', type, {}),
    kinesis('CreateStream', type, { StreamName: 'evil', ShardCount: 1 }),
    kinesis('DeleteStream', type, { StreamName: 'clicks' }),
  ]),
  kinesis('ListStreams', 'application/x-amz-cbor-1.1', {}, CBOR_EMPTY),
  kinesis('CreateStream', 'application/x-amz-cbor-1.1', {}, CBOR_STREAM),
  { path: '/evil', init: { method: 'PUT' } },
  { path: '/lake/evil.txt', init: { method: 'PUT', body: 'x' } },
  { path: '/lake/secret.txt', init: { method: 'DELETE' } },
  post('/lake?delete', 'cors', DELETE),
  post('/lake?delete', 'no-cors', DELETE),
  post('/lake/evil.txt?uploads', 'no-cors', ''),
  post('/?Action=GetCallerIdentity', 'cors', ''),
  { path: '/_standpipe/api/overview' },
  { path: '/_standpipe/api/overview', init: { mode: 'no-cors' } },
  post('/_standpipe/api/aws/kinesis/CreateStream', 'no-cors', '{"StreamName":"evil","ShardCount":1}'),
  post('/_standpipe/api/reset', 'no-cors'),
]

/** Runs a function of JavaScript in a page, for the browser's own types are not known here. */
const within = <T>(page: Page | Frame, code: string, ...args: readonly unknown[]): Promise<T> =>
  page.evaluate<T>(`(${code})(...${JSON.stringify(args)})`)

/** What the attacks could read. */
const attack = (page: Page | Frame, target: string) =>
  within<string[]>(
    page,
    `async (root, attacks) => {
      const read = []
      for (const { path, init, bytes } of attacks) {
        const body = bytes && { body: Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0)) }
        try {
          const answer = await fetch(root + path, { ...init, ...body })
          const text = await answer.text()
          if (answer.ok || /secret|clicks|lake/.test(text)) read.push([path, answer.status, text].join(' '))
        } catch {}
      }
      return read
    }`,
    target,
    ATTACKS,
  )

const HAS_RUN = `() => 'owned' in globalThis`

test('a page of another website, of another port of localhost, or of no origin reads and does nothing', {
  skip: noChromium,
}, async (t) => {
  const { page, target, port, websitePort, state } = await world(t)
  for (const host of ['evil.example', 'localhost', '127.0.0.1']) {
    await page.goto(`http://${host}:${websitePort}/`)
    for (const to of [target, `http://localhost:${port}`])
      assert.deepEqual(await attack(page, to), [], `${host} to ${to}`)
    assert.deepEqual(await state(), UNTOUCHED, host)

    const framed = page.waitForEvent('frameattached')
    await within(
      page,
      `() => {
        const frame = document.createElement('iframe')
        frame.setAttribute('sandbox', 'allow-scripts')
        frame.srcdoc = '<!doctype html>'
        document.body.append(frame)
      }`,
    )
    const frame = await framed
    await frame.waitForLoadState()
    assert.equal(await within(frame, '() => origin'), 'null')
    assert.deepEqual(await attack(frame, target), [], `a sandbox of ${host}`)
    assert.deepEqual(await state(), UNTOUCHED, `a sandbox of ${host}`)

    await within(
      page,
      `async (src) => {
        const script = document.createElement('script')
        const over = ['error', 'load'].map((type) => new Promise((resolve) => script.addEventListener(type, resolve)))
        script.src = src
        document.body.append(script)
        await Promise.race(over)
      }`,
      `${target}/lake/x.js`,
    )
    assert.equal(await within(page, HAS_RUN), false, 'an object is no script of theirs')
  }
})

test("a form of another website that posts <Delete> deletes nothing, and a bucket's rules do not help it", {
  skip: noChromium,
}, async (t) => {
  const { page, s3, target, websitePort, state } = await world(t)
  const submit = async () => {
    await page.goto(`http://evil.example:${websitePort}/`)
    const arrived = page.waitForResponse(`${target}/lake?delete`)
    await within(
      page,
      `(action) => {
        const form = document.createElement('form')
        Object.assign(form, { method: 'post', enctype: 'text/plain', action })
        const field = document.createElement('input')
        field.name = '<Delete><Object><Key>secret.txt</Key></Object><!--'
        field.value = '--></Delete>'
        form.append(field)
        document.body.append(form)
        form.submit()
      }`,
      `${target}/lake?delete`,
    )
    await page.waitForURL(`${target}/lake?delete`)
    return (await arrived).status()
  }
  assert.equal(await submit(), 403)
  assert.deepEqual(await state(), UNTOUCHED)
  const CORSRules = [{ AllowedOrigins: ['*'], AllowedMethods: ['POST'] }]
  await s3.send(new PutBucketCorsCommand({ Bucket: 'lake', CORSConfiguration: { CORSRules } }))
  assert.equal(await submit(), 400)
  assert.deepEqual(await state(), UNTOUCHED)
})

test("a form of another website uploads nothing, unless the bucket's rules let that website post", {
  skip: noChromium,
}, async (t) => {
  const { page, s3, target, websitePort, state } = await world(t)
  const website = `http://page.example:${websitePort}`
  const submit = async (end: string | RegExp) => {
    await page.goto(`${website}/`)
    const arrived = page.waitForResponse((response) => response.request().method() === 'POST')
    await within(
      page,
      `(action, done) => {
        const form = document.createElement('form')
        Object.assign(form, { method: 'post', enctype: 'multipart/form-data', action })
        const field = (name, more) => form.append(Object.assign(document.createElement('input'), { name, ...more }))
        field('key', { value: 'in/$' + '{filename}' })
        field('success_action_redirect', { value: done })
        field('file', { type: 'file' })
        const chosen = new DataTransfer()
        chosen.items.add(new File(['from a page'], 'chosen.txt'))
        form.lastChild.files = chosen.files
        document.body.append(form)
        form.submit()
      }`,
      ...[`${target}/lake`, `${website}/done`],
    )
    await page.waitForURL(end)
    return (await arrived).status()
  }
  const fetched = () =>
    within(
      page,
      `(url) => {
        const form = new FormData()
        form.append('key', 'fetched.txt')
        form.append('success_action_status', '201')
        form.append('file', new Blob(['from a page']))
        return fetch(url, { method: 'POST', body: form })
          .then(async (answer) => [answer.status, /<Key>(.*)<.Key>/.exec(await answer.text())[1]], () => 'blocked')
      }`,
      `${target}/lake`,
    )
  assert.equal(await submit(`${target}/lake`), 403)
  await page.goto(`${website}/`)
  assert.equal(await fetched(), 'blocked')
  assert.deepEqual(await state(), UNTOUCHED)

  const CORSRules = [{ AllowedOrigins: [website], AllowedMethods: ['POST'] }]
  await s3.send(new PutBucketCorsCommand({ Bucket: 'lake', CORSConfiguration: { CORSRules } }))
  assert.equal(await submit(/\/done\?bucket=lake&key=in%2Fchosen\.txt&etag=/), 303)
  assert.deepEqual(await fetched(), [201, 'fetched.txt'])
  assert.deepEqual((await state())[2], ['fetched.txt', 'in/chosen.txt', ...Object.keys(OBJECTS).toSorted()])
})

test('a website whose name has come to mean this machine reads and does nothing', {
  skip: noChromium,
}, async (t) => {
  const { page, port, state } = await world(t)
  const root = `http://rebound.example:${port}`
  // Where health is answered under any name, a page of that name is there.
  await page.goto(`${root}/_standpipe/health`)
  assert.deepEqual(await attack(page, root), [])
  assert.deepEqual(await state(), UNTOUCHED)

  await page.goto(`${root}/_standpipe/`)
  const sentence = `Standpipe does not answer under the name 'rebound.example': use localhost or an IP address, or start it with --allow-host rebound.example.`
  assert.equal((await page.locator('body').innerText()).trim(), sentence)
})

test('an object that is opened runs no script, whatever its link says it is', {
  skip: noChromium,
}, async (t) => {
  const { page, s3, target, websitePort, state } = await world(t)
  const html = { Bucket: 'lake', ContentType: 'text/html', Body: OBJECTS['note.txt']! }
  await s3.send(new PutObjectCommand({ ...html, Key: 'page.html' }))
  const all = [UNTOUCHED[0], UNTOUCHED[1], ['note.txt', 'page.html', 'secret.txt', 'x.js']]
  const forged = new URLSearchParams({
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': 'AKIA/20260101/us-east-1/s3/aws4_request',
    'X-Amz-Date': '20500101T000000Z',
    'X-Amz-Expires': '600',
    'X-Amz-SignedHeaders': 'host',
    'X-Amz-Signature': '00',
  })
  const asPage = 'response-content-type=text%2Fhtml'
  for (const [path, status] of [
    ['/lake/page.html', 200],
    [`/lake/note.txt?${asPage}`, 400],
    [`/lake/note.txt?${asPage}&${forged}`, 200],
  ] as const)
    for (const from of ['', `http://evil.example:${websitePort}/`]) {
      if (from) await page.goto(from)
      const arrived = page.waitForResponse(target + path)
      if (from) await within(page, '(href) => location.assign(href)', target + path)
      else await page.goto(target + path)
      assert.equal((await arrived).status(), status, `${path} from ${from}`)
      await page.waitForURL(target + path)
      await page.waitForLoadState()
      assert.notEqual(await page.title(), 'owned')
      assert.deepEqual(await state(), all, path)
    }
})

test('an object is no script of the console, whatever is smuggled into its page', {
  skip: noChromium,
}, async (t) => {
  for (const host of ['127.0.0.1', 'localhost', '::1']) {
    const { page, port } = await world(t, () => ({ host: host === '::1' ? host : '127.0.0.1' }))
    const root = `http://${host === '::1' ? '[::1]' : host}:${port}`
    await page.route(`${root}/_standpipe/`, async (route) => {
      const response = await route.fetch()
      const body = (await response.text()).replace('</head>', '<script src="/lake/x.js"></script></head>')
      await route.fulfill({ response, body })
    })
    await page.goto(`${root}/_standpipe/`)
    await page.getByRole('heading').first().waitFor()
    assert.equal(await within(page, HAS_RUN), false, root)
    await page.unroute(`${root}/_standpipe/`)
  }
})

test('--allow-origin and the rules of a bucket let a page in, but never to what is ours', {
  skip: noChromium,
}, async (t) => {
  const { page, s3, target, websitePort } = await world(t, (port) => ({
    allowOrigin: [`http://app.example:${port}`],
  }))
  const ask = (path: string, init: Attack['init'] = {}) =>
    within(
      page,
      `(url, given) =>
        fetch(url, given).then(async (answer) => [answer.status, await answer.text()], () => 'blocked')`,
      target + path,
      init,
    )
  await page.goto(`http://page.example:${websitePort}/`)
  assert.equal(await ask('/lake/secret.txt'), 'blocked')
  const rules = [{ AllowedOrigins: ['http://page.example:*'], AllowedMethods: ['GET'] }]
  await s3.send(new PutBucketCorsCommand({ Bucket: 'lake', CORSConfiguration: { CORSRules: rules } }))
  assert.deepEqual(await ask('/lake/secret.txt'), [200, 'the secret'])
  assert.equal(await ask('/lake/secret.txt', { method: 'DELETE' }), 'blocked')
  assert.equal(await ask('/'), 'blocked')

  await page.goto(`http://app.example:${websitePort}/`)
  const list = kinesis('ListStreams', 'application/x-amz-json-1.1', {}).init
  const answered = await ask('/', list)
  assert.match(String(answered), /^200,.*clicks/)
  assert.deepEqual(await ask('/lake/new.txt', { method: 'PUT', body: 'x' }), [200, ''])
  for (const path of ['overview', 'clock']) assert.equal(await ask(`/_standpipe/api/${path}`), 'blocked')
})
