import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { createConsole } from '../../src/api/pages.ts'
import { callerOf } from '../caller.ts'
import { temporaryFolder } from '../process.ts'
import { startServer } from '../server.ts'

const BUILT = new URL('../../dist-console/', import.meta.url).pathname
const BUDGET_BYTES = 90 * 1024

/** What the page loads before anything is clicked. */
function firstLoad(): string[] {
  const html = readFileSync(`${BUILT}index.html`, 'utf8')
  return [
    'index.html',
    ...[...html.matchAll(/(?:src|href)="\/_standpipe\/([^"]+)"/g)].map(([, path]) => path!),
  ]
}

test('the first load is within its budget, and all of it is our own', () => {
  const files = firstLoad()
  assert.ok(files.some((path) => path.endsWith('.js')) && files.some((path) => path.endsWith('.css')))
  const bytes = files.reduce((sum, path) => sum + gzipSync(readFileSync(BUILT + path)).length, 0)
  assert.ok(bytes <= BUDGET_BYTES, `${bytes} bytes`)
  const html = readFileSync(`${BUILT}index.html`, 'utf8')
  assert.doesNotMatch(html, /https?:|<script(?![^>]*src=)|<style|\son\w+=/)
})

test('pages come with a policy that lets nothing in from elsewhere; named assets may be kept for good', async (t) => {
  const { endpoint } = await startServer(t)
  const page = await fetch(`${endpoint}/_standpipe/streams/clicks?tab=shards`)
  assert.equal(page.status, 200)
  assert.match(page.headers.get('content-type') ?? '', /^text\/html/)
  assert.match(
    page.headers.get('content-security-policy') ?? '',
    /^default-src 'none'; script-src 'self'; .*frame-ancestors 'none'.*, script-src \*:\*\/_standpipe\/assets\/;/,
  )
  assert.doesNotMatch(page.headers.get('content-security-policy') ?? '', /unsafe|https?:|data:/)
  assert.equal(page.headers.get('cache-control'), 'no-cache')
  const script = firstLoad().find((path) => path.endsWith('.js'))
  const asset = await fetch(`${endpoint}/_standpipe/${script}`)
  assert.match(asset.headers.get('cache-control') ?? '', /immutable/)
  assert.equal(asset.headers.get('content-encoding'), 'gzip')
  const icon = await fetch(`${endpoint}/_standpipe/icon.svg`)
  assert.equal(icon.headers.get('cache-control'), 'no-cache', 'its name stays when it changes')
  assert.equal((await fetch(`${endpoint}/_standpipe/assets/none.js`)).status, 404)
  assert.equal((await fetch(`${endpoint}/_standpipe/nothing`)).status, 404)
  const bare = await fetch(`${endpoint}/_standpipe`, { redirect: 'manual' })
  assert.equal(bare.headers.get('location'), '/_standpipe/')
})

test('a console that was not built says in one line what to do', async (t) => {
  const pages = createConsole(temporaryFolder(t))
  const answer = await pages({
    method: 'GET',
    path: '/_standpipe/',
    query: new URLSearchParams(),
    headers: new Map(),
    caller: callerOf(),
    body: async () => new Uint8Array(),
  })
  assert.equal(answer?.status, 503)
  assert.match(String(answer?.body), /^The console is not built: run "npm run build:console".*\n$/)
})
