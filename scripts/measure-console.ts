/** `npm run measure:console [SECONDS]`: 100,000 records loaded, scrolled through, searched; a live tail at 2,000 records/s. */
import type { Page } from 'playwright-core'
import { start } from '../src/start.ts'
import { launchChromium } from '../test/console/chromium.ts'

const STREAM = 'measured'
const RECORDS = 100_000
const PER_SECOND = 2_000
const BATCH = 500
const tailSeconds = Number(process.argv[2] ?? 60)

await using standpipe = await start({ port: 0, ephemeral: true, limits: 'off' })
const root = `${standpipe.endpoint}/_standpipe/`
const browser = await launchChromium()
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

async function aws(operation: string, input: object): Promise<void> {
  const answer = await fetch(`${root}api/aws/kinesis/${operation}`, {
    method: 'POST',
    body: JSON.stringify(input),
  })
  if (!answer.ok) throw new Error(await answer.text())
}
const batch = (from: number) =>
  Array.from({ length: BATCH }, (_, index) => ({
    PartitionKey: `sensor-${index}`,
    Data: Buffer.from(JSON.stringify({ event_id: from + index, value: index % 100 })).toString('base64'),
  }))

await aws('CreateStream', { StreamName: STREAM, ShardCount: 4 })
await wait(1_000)
for (let from = 0; from < RECORDS; from += BATCH)
  await aws('PutRecords', { StreamName: STREAM, Records: batch(from) })

const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
await page.addInitScript(`
  window.longTasks = []
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.longTasks.push(Math.round(duration))
  }).observe({ type: 'longtask', buffered: true })
`)
await page.goto(`${root}streams/${STREAM}`)
await page.getByText(/more follow/).waitFor()
await report(page, 'opened')
for (;;) {
  await page.getByText(/all there are|more follow|holds no more/).waitFor()
  const more = page.getByRole('button', { name: /^Load .* more$/ })
  if ((await more.count()) === 0) break
  await more.click()
}
await report(
  page,
  `loaded ${await page
    .getByText(/records, /)
    .first()
    .textContent()}`,
)

const frames = (await page.evaluate(`(async () => {
  const list = document.querySelector('.records')
  const times = []
  for (let at = 0; at < 240; at++) {
    const began = performance.now()
    list.scrollTop = (list.scrollHeight / 240) * at
    await new Promise(requestAnimationFrame)
    times.push(performance.now() - began)
  }
  return times.sort((a, b) => a - b)
})()`)) as number[]
console.log(
  `a frame while scrolling: median ${frames[120]?.toFixed(0)} ms, longest ${frames.at(-1)?.toFixed(0)} ms`,
)
await report(page, 'scrolled')

const began = Date.now()
await page.getByRole('searchbox').fill('$.value > 50')
await page.getByText(/ match of (?!.*searching)/).waitFor()
await report(page, `searched in ${Date.now() - began} ms`)

await page.goto(`${root}streams/${STREAM}?from=newest`)
await page.getByRole('button', { name: 'Live tail' }).click()
const until = Date.now() + tailSeconds * 1_000
for (let from = 0; Date.now() < until; from += BATCH) {
  const next = Date.now() + (BATCH / PER_SECOND) * 1_000
  await aws('PutRecords', { StreamName: STREAM, Records: batch(from) })
  await wait(Math.max(0, next - Date.now()))
}
await wait(1_500)
await report(page, `tailed ${await page.getByText(/records, live/).textContent()}`)
await browser.close()

/** Tasks over 50 ms since the last report, and the heap. */
async function report(page: Page, what: string): Promise<void> {
  const tasks = (await page.evaluate('window.longTasks.splice(0)')) as number[]
  const bytes = (await page.evaluate('performance.memory.usedJSHeapSize')) as number
  const longest = Math.max(0, ...tasks)
  console.log(
    `${what}: ${tasks.length} tasks over 50 ms, longest ${longest} ms; heap ${Math.round(bytes / 2 ** 20)} MiB`,
  )
}
