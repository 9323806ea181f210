import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { Page } from 'playwright-core'
import { openContext } from './chromium.ts'

/** A page that fails the test when anything goes wrong in it, or when it asks any other host. */
export async function openPage(t: TestContext, endpoint: string): Promise<Page> {
  const page = await (await openContext(t)).newPage()
  page.setDefaultTimeout(8_000)
  const wrong: string[] = []
  page.on('pageerror', (error) => wrong.push(String(error.stack)))
  page.on('console', (message) => {
    // An exception of AWS's is an answer, and shown as one.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      wrong.push(message.text())
  })
  page.on('request', (request) => {
    if (!request.url().startsWith(endpoint)) wrong.push(`asked ${request.url()}`)
  })
  page.on('dialog', (dialog) => wrong.push(`a payload ran: ${dialog.message()}`))
  t.after(() => assert.deepEqual(wrong, []))
  await page.goto(`${endpoint}/_standpipe/`)
  await page.getByRole('heading').first().waitFor()
  return page
}
