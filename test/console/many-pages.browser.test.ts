import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { Page } from 'playwright-core'
import { startServer } from '../server.ts'
import { noChromium, openContext } from './chromium.ts'

const WINDOWS = 10

/** As somebody's own browser is: Playwright's own flags would switch off the back/forward cache. */
const launch = (t: TestContext) => openContext(t, { ignoreDefaultArgs: ['--disable-back-forward-cache'] })

async function startStream(t: TestContext) {
  const standpipe = await startServer(t)
  const root = `${standpipe.endpoint}/_standpipe/`
  const aws = async (operation: string, input: object) => {
    const answer = await fetch(`${root}api/aws/${operation}`, { method: 'POST', body: JSON.stringify(input) })
    assert.equal(answer.status, 200, await answer.text())
  }
  await aws('kinesis/CreateStream', { StreamName: 'clicks', ShardCount: 2 })
  const put = (text: string) =>
    aws('kinesis/PutRecord', { StreamName: 'clicks', PartitionKey: text, Data: btoa(text) })
  return { root, aws, put }
}

/** Waits until a page shows a text that came to be after it was opened. */
const shows = (page: Page, text: string) => page.getByText(text).first().waitFor({ timeout: 8_000 })

test('ten windows at once load and show what happens now, each with a live tail', {
  skip: noChromium,
}, async (t) => {
  const { root, aws, put } = await startStream(t)
  const context = await launch(t)
  const pages: Page[] = []
  for (let index = 0; index < WINDOWS; index++) {
    const page = await context.newPage()
    await page.goto(`${root}streams/clicks?from=newest`)
    await page.getByRole('button', { name: 'Live tail' }).click({ timeout: 8_000 })
    pages.push(page)
  }
  await put('from-the-tail')
  for (const page of pages) await shows(page, 'from-the-tail')
  for (const page of pages) await page.goto(root)
  await aws('kinesis/CreateStream', { StreamName: 'made-later', ShardCount: 1 })
  for (const page of pages) await shows(page, 'made-later')
})

test('ten pages that lie in the back/forward cache hold nothing, and come back live', {
  skip: noChromium,
}, async (t) => {
  const { root, aws, put } = await startStream(t)
  const context = await launch(t)
  await context.addInitScript(`
    window.wasKept = false
    addEventListener('pageshow', (event) => { if (event.persisted) window.wasKept = true })
  `)
  // A tab keeps a few pages; several tabs keep ten.
  const tabs = await Promise.all([0, 1, 2, 3, 4].map(() => context.newPage()))
  for (const tab of tabs) {
    await tab.goto(root)
    await shows(tab, 'clicks')
    await tab.goto(`${root}streams/clicks?from=newest`)
    await tab.getByRole('button', { name: 'Live tail' }).click({ timeout: 8_000 })
    await tab.goto(`${root}lab`)
    await shows(tab, 'Create a stream')
  }
  const fresh = await context.newPage()
  await fresh.goto(root)
  await aws('kinesis/CreateStream', { StreamName: 'made-later', ShardCount: 1 })
  await shows(fresh, 'made-later')
  let kept = 0
  const count = async (tab: Page) => {
    if (await tab.evaluate('window.wasKept')) kept += 1
  }
  for (const tab of tabs) {
    await tab.goBack({ waitUntil: 'commit' })
    await put('after-going-back')
    await shows(tab, 'after-going-back')
    await count(tab)
    await tab.goBack({ waitUntil: 'commit' })
    await shows(tab, 'made-later')
    await count(tab)
  }
  assert.ok(kept >= tabs.length, `${kept} of ${2 * tabs.length} pages came from the cache`)
  t.diagnostic(`${kept} of ${2 * tabs.length} pages came from the back/forward cache`)
})

test('a hidden page asks for nothing, and goes on when it is seen', { skip: noChromium }, async (t) => {
  const { root, aws } = await startStream(t)
  const context = await launch(t)
  const page = await context.newPage()
  await page.goto(root)
  await shows(page, 'clicks')
  const see = (state: 'hidden' | 'visible') =>
    page.evaluate(`
      Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => '${state}' })
      document.dispatchEvent(new Event('visibilitychange'))
    `)
  await see('hidden')
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  await aws('kinesis/CreateStream', { StreamName: 'made-later', ShardCount: 1 })
  await page.waitForTimeout(1_500)
  assert.deepEqual(asked, [])
  await see('visible')
  await shows(page, 'made-later')
})
