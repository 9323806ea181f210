import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { allow, policyOf } from '../auth/users.ts'
import { startServer } from '../server.ts'
import { noChromium, openContext } from './chromium.ts'
import { ADMIN, LOOKER, NOBODY, READER, STREAM_ARN, startClosed } from './closed-server.ts'
import { openPage } from './open-page.ts'
import { seriousFindings } from './serious-findings.ts'

const signIn = async (page: Page, key: typeof ADMIN) => {
  await page.getByLabel('Access key ID').fill(key.accessKeyId)
  await page.getByLabel('Secret access key').fill(key.secretAccessKey)
  await page.getByRole('button', { name: 'Sign in' }).click()
}
const form = (page: Page) => page.getByRole('heading', { name: 'Sign in' })
const heading = (page: Page, name: string) => page.getByRole('heading', { name, level: 1 })
const signOut = (page: Page) => page.getByRole('button', { name: 'Sign out' })

test('a key is asked for once: the page that was wanted comes then, in every tab, until somebody signs out', {
  skip: noChromium,
}, async (t) => {
  const { standpipe, root } = await startClosed(t)
  const page = await openPage(t, standpipe.endpoint)
  const wanted = `${root}streams/clicks?tab=settings`
  await page.goto(wanted)
  await form(page).waitFor()
  assert.equal(await page.getByRole('navigation').count(), 0)
  await signIn(page, { ...ADMIN, secretAccessKey: 'another-secret-than-that' })
  await page.getByText('The access key or its secret is not right').waitFor()
  await signIn(page, ADMIN)
  await heading(page, 'clicks').waitFor()
  assert.equal(page.url(), wanted)
  await page.getByText('Signed in as ADMINSKEY in 000000000000').waitFor()
  await page.getByRole('button', { name: 'Delete stream' }).waitFor()

  await page.getByRole('link', { name: 'Shards' }).click()
  await page.getByRole('button', { name: 'Split' }).waitFor()
  await page.reload()
  await page.getByRole('button', { name: 'Split' }).waitFor()
  await page.goBack()
  await page.getByRole('button', { name: 'Delete stream' }).waitFor()

  const other = await page.context().newPage()
  await other.goto(`${root}lab`)
  await heading(other, 'The lab').waitFor()
  await signOut(page).click()
  await form(page).waitFor()
  assert.equal(await page.getByText('The session has ended').count(), 0)
  assert.equal(page.url(), wanted)
  await other.bringToFront()
  await form(other).waitFor()
  await other.getByText('The session has ended').waitFor()
  assert.equal(other.url(), `${root}lab`)

  await page.bringToFront()
  await signIn(page, READER)
  await page.getByText('Signed in as READERSKEY').waitFor()
  await other.bringToFront()
  await heading(other, 'The lab').waitFor()
  await other.getByText('Signed in as READERSKEY').waitFor()
})

test('a session ends with its key, and the address stays', { skip: noChromium }, async (t) => {
  const { standpipe, root, takeAway } = await startClosed(t)
  const page = await openPage(t, standpipe.endpoint)
  await page.goto(`${root}streams/clicks?from=newest`)
  await signIn(page, ADMIN)
  await page.getByRole('button', { name: 'Live tail' }).click()
  await takeAway(ADMIN)
  await page.getByText('The session has ended').waitFor()
  assert.equal(page.url(), `${root}streams/clicks?from=newest`)
  await signIn(page, ADMIN)
  await page.getByText('not active any more').waitFor()
})

test('no secret is in an address, in storage, in a log, or left in the page', {
  skip: noChromium,
}, async (t) => {
  const { standpipe, root, lines, accessLog } = await startClosed(t)
  const page = await openPage(t, standpipe.endpoint)
  const told: string[] = []
  page.on('console', (message) => told.push(message.text()))
  page.on('request', (request) => {
    const { cookie: _, ...headers } = request.headers()
    told.push(request.url(), JSON.stringify(headers))
    if (!request.url().endsWith('api/session')) told.push(request.postData() ?? '')
  })
  page.on('framenavigated', (frame) => told.push(frame.url()))
  await page.goto(`${root}cost`)
  const secret = page.getByLabel('Secret access key')
  assert.equal(await secret.getAttribute('type'), 'password')
  assert.equal(await secret.getAttribute('autocomplete'), 'current-password')
  assert.equal(await page.getByLabel('Access key ID').getAttribute('autocomplete'), 'username')
  // What is wrong is not repeated, either.
  await signIn(page, { ...ADMIN, accessKeyId: 'NOT-A-KEY' })
  await page.getByRole('alert').getByText('not right').waitFor()
  await signIn(page, ADMIN)
  await heading(page, 'Cost').waitFor()
  await page.getByRole('link', { name: 'Pipeline' }).click()
  await page.getByLabel('Path of clicks').waitFor()
  const kept = (await page.evaluate(`JSON.stringify([
    document.documentElement.outerHTML,
    [...document.querySelectorAll('input, textarea')].map((field) => field.value),
    { ...localStorage }, { ...sessionStorage }, document.cookie, history.state, location.href, name,
  ])`)) as string
  const everything = [...told, kept, JSON.stringify(lines), readFileSync(accessLog, 'utf8')].join('\n')
  assert.match(everything, /ADMINSKEY/)
  assert.doesNotMatch(everything, /the-secret-of|standpipe-session/)
  const [cookie] = await page.context().cookies()
  assert.deepEqual([cookie?.httpOnly, cookie?.sameSite, cookie?.path], [true, 'Strict', '/_standpipe'])
  assert.deepEqual(await page.evaluate('indexedDB.databases()'), [])
})

test('what a key may not do is not offered, and what is refused all the same is said where it was tried', {
  skip: noChromium,
}, async (t) => {
  const { standpipe, root } = await startClosed(t)
  const page = await openPage(t, standpipe.endpoint)
  const main = page.getByRole('main')
  const buttons = async () => (await main.getByRole('button').allTextContents()).join()
  await signIn(page, READER)
  await page.getByLabel('Path of clicks').waitFor()
  assert.equal(await page.getByRole('link', { name: /^New / }).count(), 0)
  assert.equal(await page.getByRole('button', { name: '+5 min' }).count(), 0)

  await page.goto(`${root}streams/open-to-readers`)
  await page.getByRole('button', { name: 'Put 10 test records' }).click()
  await page.locator('tr.record').first().click()
  const drawer = page.getByRole('dialog')
  await drawer.getByText('to put it again, it needs kinesis:PutRecord.').waitFor()
  await drawer.getByRole('button', { name: 'Close' }).click()

  // It may do so to another stream: the server says no.
  await page.goto(`${root}streams/clicks`)
  await main.getByText(/AccessDenied.*kinesis:GetRecords on resource: .*stream\/clicks/).waitFor()
  await page.getByRole('button', { name: 'Put 10 test records' }).click()
  await main.getByText(/AccessDenied.*kinesis:PutRecords on resource: .*stream\/clicks/).waitFor()

  // However long its words are, a phone shows them.
  await page.setViewportSize({ width: 375, height: 720 })
  assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 375)

  await page.goto(`${root}streams/clicks?tab=settings`)
  await main.getByText('to delete the stream, it needs kinesis:DeleteStream.').waitFor()
  assert.equal(await buttons(), '')
  await page.goto(`${root}streams/clicks?tab=shards`)
  await page.getByText('to scale the stream').waitFor()
  await page.getByRole('cell', { name: '100.0 %' }).waitFor()
  assert.equal(await buttons(), '')
  await page.goto(`${root}cost`)
  await main.getByText('to see the receipt, it needs standpipe:GetCost.').waitFor()
  await main.getByText('to set a budget, it needs standpipe:PutBudget.').waitFor()
  await page.goto(`${root}lab`)
  await main.getByText(/[1-8] of 8 steps done/).waitFor()
  await main.getByText('to clean up, it needs kinesis:DeleteStream.').waitFor()

  await signOut(page).click()
  await signIn(page, NOBODY)
  await main.getByText('to see which steps are done, it needs standpipe:GetLab.').waitFor()
  for (const path of ['', 'streams/clicks', 'delivery-streams/none', 'new-delivery-stream', 'objects']) {
    await page.goto(root + path)
    await main.getByText(/it needs standpipe:GetOverview/).waitFor()
  }
  await page.goto(`${root}objects?bucket=archive&key=a`)
  await main.getByText('to see what is in it, it needs s3:GetObject on arn:aws:s3:::archive/a.').waitFor()
})

test('what only the policy of a stream allows is tried on demand', { skip: noChromium }, async (t) => {
  const { standpipe, root, aws } = await startClosed(t)
  const page = await openPage(t, standpipe.endpoint)
  const main = page.getByRole('main')
  await aws('kinesis/PutRecord', { StreamName: 'clicks', PartitionKey: 'a', Data: btoa('seen by a policy') })
  await page.goto(`${root}streams/clicks`)
  await signIn(page, LOOKER)
  const needs = main.getByText(/to see the records, it needs kinesis:GetRecords on arn:/)
  await needs.getByRole('button', { name: 'Try it' }).click()
  await main.getByText(/AccessDenied.*kinesis:GetRecords/).waitFor()
  const ResourceARN = `${STREAM_ARN}/clicks`
  const AWS = `arn:aws:iam::000000000000:user/${LOOKER.accessKeyId}`
  const allowed = { ...allow('kinesis:GetRecords', ResourceARN), Principal: { AWS } }
  await aws('kinesis/PutResourcePolicy', { ResourceARN, Policy: policyOf(allowed) })
  await page.reload()
  await needs.getByRole('button', { name: 'Try it' }).click()
  await main.getByText('seen by a policy').waitFor()
})

test('guessing is stopped, and said', { skip: noChromium }, async (t) => {
  const { standpipe, root, sessionOf } = await startClosed(t)
  const page = await openPage(t, standpipe.endpoint)
  for (let tries = 0; tries < 10; tries++) await sessionOf({ ...ADMIN, secretAccessKey: 'a guess of many' })
  await page.goto(root)
  await signIn(page, ADMIN)
  await page.getByText('Too many wrong keys came from here: wait a minute').waitFor()
})

test('over plain http under a name that is not of this machine no key is asked for: https is, on the same port', {
  skip: noChromium,
}, async (t) => {
  const { standpipe } = await startClosed(t, { allowHost: ['standpipe'] })
  const args = ['--host-resolver-rules=MAP standpipe 127.0.0.1']
  const page = await (await openContext(t, { args }, { ignoreHTTPSErrors: true })).newPage()
  page.setDefaultTimeout(8_000)
  const address = `standpipe:${standpipe.port}/_standpipe/streams/clicks?tab=shards`
  await page.goto(`http://${address}`)
  await form(page).waitFor()
  assert.equal(await page.getByRole('textbox').count(), 0)
  await page.getByRole('link', { name: `https://${address}` }).click()
  await signIn(page, ADMIN)
  await heading(page, 'clicks').waitFor()
  assert.equal(page.url(), `https://${address}`)
  const [cookie] = await page.context().cookies()
  assert.equal(cookie?.secure, true)
})

test('a server says that it takes keys from nobody but who uses https, and the form says where', {
  skip: noChromium,
}, async (t) => {
  const { standpipe, root } = await startClosed(t)
  const page = await openPage(t, standpipe.endpoint)
  await page.route(`${root}api/session`, async (route) =>
    route.request().method() === 'POST'
      ? await route.fulfill({ status: 403, json: { code: 'HttpsRequired', message: 'Use https.' } })
      : await route.continue(),
  )
  await signIn(page, ADMIN)
  await page.getByText('The same port speaks https').waitFor()
  assert.equal(await page.getByLabel('Secret access key').count(), 0)
})

test('an open server asks for nothing and says that it is open; closed when it comes back, it asks', {
  skip: noChromium,
}, async (t) => {
  const open = await startServer(t)
  const page = await openPage(t, open.endpoint)
  await page.getByText('open: any keys, this machine only').waitFor()
  assert.equal(await signOut(page).count(), 0)
  await page.goto(`${open.endpoint}/_standpipe/cost`)
  await page.getByText('Running now, per hour').waitFor()
  await open.close()
  await startClosed(t, { port: open.port })
  await form(page).waitFor({ timeout: 20_000 })
  assert.equal(page.url(), `${open.endpoint}/_standpipe/cost`)
})

test('policies are shown, and said to hold nobody while the server is open', {
  skip: noChromium,
}, async (t) => {
  const standpipe = await startServer(t)
  const root = `${standpipe.endpoint}/_standpipe/`
  const aws = async (operation: string, input: object) => {
    const answer = await fetch(`${root}api/aws/${operation}`, { method: 'POST', body: JSON.stringify(input) })
    assert.equal(answer.status, 200, await answer.text())
  }
  const arn = 'arn:aws:kinesis:us-east-1:000000000000:stream/clicks'
  const letIn = (action: string, resource: string) =>
    policyOf({ ...allow(action, resource), Principal: { AWS: '111122223333' } })
  await aws('kinesis/CreateStream', { StreamName: 'clicks', ShardCount: 1 })
  const page = await openPage(t, standpipe.endpoint)
  await page.goto(`${root}streams/clicks?tab=settings`)
  const policy = page.getByText('Policy not enforced: open')
  const section = page.getByRole('heading', { name: 'Resource policy' }).locator('..')
  await section.getByText('It has none.').waitFor()
  await aws('kinesis/PutResourcePolicy', { ResourceARN: arn, Policy: letIn('kinesis:GetRecords', arn) })
  await page.reload()
  await policy.click()
  await section.getByText('"kinesis:GetRecords"').waitFor()

  await aws('s3/CreateBucket', { Bucket: 'archive' })
  await page.goto(`${root}objects?bucket=archive`)
  await page.getByText('0 objects here').waitFor()
  assert.equal(await policy.count(), 0)
  const Policy = letIn('s3:GetObject', 'arn:aws:s3:::archive/*')
  await aws('s3/PutBucketPolicy', { Bucket: 'archive', Policy })
  await page.reload()
  await policy.click()
  await page.getByText('"s3:GetObject"').waitFor()
})

test('axe finds nothing serious where one signs in, nor where much may not be done', {
  skip: noChromium,
}, async (t) => {
  const { standpipe, root } = await startClosed(t)
  const page = await openPage(t, standpipe.endpoint)
  const findings = await seriousFindings(page)
  await page.goto(root)
  await form(page).waitFor()
  const found = await findings('the form')
  await signIn(page, { ...READER, secretAccessKey: 'wrong' })
  await page.getByText('not right').waitFor()
  await page.getByText('Session token, of').click()
  found.push(...(await findings('a wrong key')))
  await signIn(page, READER)
  await page.getByText('Signed in as').waitFor()
  for (const path of ['', 'streams/clicks', 'streams/clicks?tab=settings', 'cost', 'lab', 'objects']) {
    await page.goto(root + path)
    await page.getByText('Signed in as').waitFor()
    await page.getByRole('heading', { level: 1 }).waitFor()
    found.push(...(await findings(path)))
  }
  assert.deepEqual(found, [])
})
