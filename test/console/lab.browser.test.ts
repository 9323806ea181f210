import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis'
import { clientOf, startServer } from '../server.ts'
import { noChromium } from './chromium.ts'
import { openPage } from './open-page.ts'

const STREAM = 'ml-streaming-input'
const DELIVERY_STREAM = 'ml-firehose-delivery-stream'

test('the whole lab in a browser, from the first stream to a clean server', {
  skip: noChromium,
}, async (t) => {
  const standpipe = await startServer(t)
  const page = await openPage(t, standpipe.endpoint)
  const producer = clientOf(t, new KinesisClient(standpipe.clientConfig))
  const button = (name: string) => page.getByRole('button', { name, exact: true })

  await page.getByRole('heading', { name: "The lab's first step: a stream" }).waitFor()
  await button('Create stream').click()
  await page.getByRole('heading', { name: STREAM }).waitFor()
  await button('Put 10 test records').click()
  await page.locator('tr.record').nth(9).waitFor()

  // A producer beside the page: what it puts is shown as it is, and a filter finds it.
  const text = '{"value": 1000, "note": "<img src=x onerror=alert(1)><script>alert(2)</script>"}'
  await button('Live tail').click()
  await producer.send(
    new PutRecordCommand({ StreamName: STREAM, PartitionKey: 'beside', Data: Buffer.from(text) }),
  )
  await page.getByText('<script>alert(2)</script>').waitFor()
  await page.getByRole('searchbox').fill('$.value > 999')
  await page.getByText('1 match of 11 records').waitFor()
  assert.match(page.url(), /search=%24\.value/)
  await button('Pause live tail').click()

  // Before there is a delivery stream a record lands nowhere.
  await page.locator('tr.record').first().click()
  const drawer = page.getByRole('dialog', { name: 'Record' })
  await drawer.getByText('No delivery stream reads this stream.').waitFor()
  await drawer.getByRole('link', { name: 'Create one' }).click()
  await page.getByText('It starts at LATEST, as on AWS').waitFor()
  await button('Create delivery stream').click()
  await page.getByText('The buffer is empty.').waitFor()

  await button('Send demo data').click()
  await page.getByText('50 records wait.').waitFor()
  await page.getByRole('main').getByRole('button', { name: '+5 min' }).click()
  const object = page.getByRole('cell').getByRole('link', { name: new RegExp(DELIVERY_STREAM) })
  await object.click()
  await page.getByText('newline-delimited JSON').waitFor()

  // From the object to its records and from a record back to its bytes.
  await page.getByRole('link', { name: /50 records of shardId/ }).click()
  await page.locator('tr.record').first().click()
  await drawer.getByText('landed in').waitFor()
  await drawer.getByRole('link', { name: /^s3:/ }).click()
  assert.match((await page.locator('mark').textContent()) ?? '', /^\{"event_id":0,.*\}\n$/)

  await page.getByRole('link', { name: 'Cost' }).click()
  await page.getByRole('cell', { name: 'Kinesis shards' }).first().waitFor()
  await page.getByRole('link', { name: 'Lab', exact: true }).click()
  await page.getByText('7 of 8 steps done').waitFor()
  await button('Clean up …').click()
  await button('Delete all of it').click()
  await page.getByText('8 of 8 steps done').waitFor()
  const { totals } = (await (await fetch(`${standpipe.endpoint}/_standpipe/api/overview`)).json()) as {
    totals: object
  }
  assert.deepEqual(totals, { streams: 0, deliveryStreams: 0, buckets: 0 })
})

test('a failing hop is told where it fails, in words of AWS', { skip: noChromium }, async (t) => {
  const standpipe = await startServer(t)
  const page = await openPage(t, standpipe.endpoint)
  await page.getByRole('link', { name: 'delivery stream that takes records directly' }).click()
  await page.getByRole('button', { name: 'Create delivery stream' }).click()
  await page.getByRole('button', { name: 'Send demo data' }).click()
  await page.getByText('50 records wait.').waitFor()
  await fetch(`${standpipe.endpoint}/ml-ingestion-bucket`, { method: 'DELETE' })
  await page.getByRole('button', { name: 'Deliver now' }).click()
  await page.getByText('S3.NoSuchBucket').first().waitFor()
  await page.getByRole('link', { name: 'Pipeline' }).click()
  await page
    .getByText(/Failing, \d+ attempts?: S3\.NoSuchBucket The specified bucket does not exist/)
    .waitFor()
  await page.getByText('This bucket does not exist (NoSuchBucket)').waitFor()
})

test('keys lead everywhere, and ? lists them', { skip: noChromium }, async (t) => {
  const standpipe = await startServer(t)
  const page = await openPage(t, standpipe.endpoint)
  await page.keyboard.press('?')
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
  await page.keyboard.press('Escape')
  await page.keyboard.press('c')
  await page.getByRole('heading', { name: 'Cost' }).waitFor()
  await page.keyboard.press('l')
  await page.getByRole('heading', { name: 'The lab' }).waitFor()
  await page.goBack()
  await page.getByRole('heading', { name: 'Cost' }).waitFor()
})
