/** `npm run screenshots [WIDTH] [SCREEN …]` writes a picture of every screen, in both themes, into screenshots/. */
import { mkdirSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { start } from '../src/start.ts'
import { launchChromium } from '../test/console/chromium.ts'

const FOLDER = new URL('../screenshots/', import.meta.url).pathname
const STREAM = 'ml-streaming-input'
const SECOND_MS = 1_000

await using standpipe = await start({ port: 0, ephemeral: true })
const root = `${standpipe.endpoint}/_standpipe/`
mkdirSync(FOLDER, { recursive: true })
const browser = await launchChromium()

async function aws(operation: string, input: object): Promise<void> {
  const answer = await fetch(`${root}api/aws/${operation}`, { method: 'POST', body: JSON.stringify(input) })
  if (!answer.ok) throw new Error(`${operation}: ${await answer.text()}`)
}
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

const RoleARN = 'arn:aws:iam::000000000000:role/firehose'
const createDeliveryStream = (name: string, bucket: string, stream: string, format = 'UNCOMPRESSED') =>
  aws('firehose/CreateDeliveryStream', {
    DeliveryStreamName: name,
    DeliveryStreamType: 'KinesisStreamAsSource',
    KinesisStreamSourceConfiguration: {
      KinesisStreamARN: `arn:aws:kinesis:us-east-1:000000000000:stream/${stream}`,
      RoleARN,
    },
    ExtendedS3DestinationConfiguration: {
      RoleARN,
      BucketARN: `arn:aws:s3:::${bucket}`,
      CompressionFormat: format,
    },
  })

function records(from: number, count: number, ending = '') {
  return Array.from({ length: count }, (_, index) => {
    const value = ((from + index) * 37) % 100
    const text = JSON.stringify({
      event_id: from + index,
      value,
      note: value > 90 ? '<script>alert(1)</script>' : 'ok',
    })
    const data = from >= 700 && index % 9 === 4 ? gzipSync(text) : Buffer.from(text + ending)
    return { PartitionKey: `sensor-${(from + index) % 10}`, Data: data.toString('base64') }
  })
}
const put = (StreamName: string, from: number, count: number) =>
  aws('kinesis/PutRecords', { StreamName, Records: records(from, count) })

/** Every screen by its name; what is done before its picture is taken. */
const SCREENS: readonly [name: string, path: string, before?: (page: Page) => Promise<unknown>][] = [
  ['pipeline', ''],
  ['new-stream', '?new=stream'],
  ['stream-records', `streams/${STREAM}`],
  ['stream-filter', `streams/${STREAM}?search=${encodeURIComponent('$.value > 90')}`],
  ['record', `streams/${STREAM}`, (page) => page.locator('tr.record').nth(3).click()],
  ['stream-shards', `streams/${STREAM}?tab=shards`],
  ['stream-consumers', `streams/${STREAM}?tab=consumers`],
  ['stream-monitoring', `streams/${STREAM}?tab=monitoring`, () => wait(4 * SECOND_MS)],
  ['stream-settings', `streams/${STREAM}?tab=settings`],
  ['delivery-stream', 'delivery-streams/ml-firehose-delivery-stream'],
  ['delivery-stream-failing', 'delivery-streams/clicks-archive'],
  ['new-delivery-stream', `new-delivery-stream?stream=${STREAM}`],
  ['objects', 'objects?bucket=ml-ingestion-bucket', openObject],
  ['cost', 'cost'],
  ['budget', 'cost', (page) => budget(50).then(() => page.reload())],
  ['space', 'space'],
  ['lab', 'lab', () => budget(null)],
  ['clean-up', 'lab', (page) => page.getByRole('button', { name: 'Clean up …' }).click()],
  ['shortcuts', '', (page) => page.keyboard.press('?')],
]

async function openObject(page: Page): Promise<void> {
  await page.goto(`${root}delivery-streams/ml-firehose-delivery-stream`)
  await page.locator('td a').last().click()
}

const budget = (usd: number | null) =>
  fetch(`${root}api/budget`, { method: 'POST', body: JSON.stringify({ usd, webhook: null }) })

async function shoot(page: Page, theme: string, only: readonly string[]): Promise<void> {
  for (const [name, path, before] of SCREENS) {
    if (only.length > 0 && !only.includes(name)) continue
    await page.goto(root + path)
    await wait(SECOND_MS)
    await before?.(page)
    await put(STREAM, 700 + (Date.now() % 1_000), 40)
    await wait(SECOND_MS)
    await page.screenshot({ path: `${FOLDER}${name}-${theme}.png` })
  }
}

const [width = 1280] = process.argv.slice(2).map(Number).filter(Number.isInteger)
const only = process.argv.slice(2).filter((name) => !/^\d+$/.test(name))
for (const theme of ['light', 'dark'] as const) {
  const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme: theme })
  page.on('pageerror', (error) => console.error(`${theme}: ${error.stack}`))
  page.on('console', (message) => {
    if (message.type() === 'error') console.error(`${theme}: ${message.text()}`)
  })
  if (theme === 'light') {
    await page.goto(root)
    await wait(SECOND_MS)
    await page.screenshot({ path: `${FOLDER}first-step-light.png` })
    await fill()
  }
  await shoot(page, theme, only)
  await page.close()
}
await browser.close()

/** A pipeline with history: delivered, buffered, failing, waiting for a delivery stream. */
async function fill(): Promise<void> {
  await aws('s3/CreateBucket', { Bucket: 'ml-ingestion-bucket' })
  await aws('kinesis/CreateStream', { StreamName: STREAM, ShardCount: 4 })
  await aws('kinesis/CreateStream', { StreamName: 'clicks', ShardCount: 1 })
  await aws('kinesis/CreateStream', { StreamName: 'audit', ShardCount: 2 })
  await wait(SECOND_MS)
  await createDeliveryStream('ml-firehose-delivery-stream', 'ml-ingestion-bucket', STREAM)
  await createDeliveryStream('clicks-archive', 'no-such-bucket', 'clicks', 'GZIP')
  await wait(SECOND_MS)
  await put(STREAM, 0, 300)
  await put('clicks', 0, 40)
  await standpipe.clock.advance('5m')
  await put(STREAM, 300, 400)
  await standpipe.deliver('ml-firehose-delivery-stream')
  await put(STREAM, 700, 260)
  await wait(SECOND_MS)
}
