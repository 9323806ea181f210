import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis'
import type { Standpipe } from '../../src/start.ts'
import { noBoto3 } from '../installed.ts'
import { SCRIPTS } from '../lab/scripts.ts'
import { run } from '../process.ts'
import { clientOf, startServer } from '../server.ts'
import { noChromium } from './chromium.ts'
import { openPage } from './open-page.ts'

const STREAM = 'ml-streaming-input'
const DELIVERY_STREAM = 'ml-firehose-delivery-stream'

/** The lab's producer: ten events by one run; boto3's own where it is installed. */
async function labProducer(t: TestContext, { endpoint, clientConfig }: Standpipe) {
  const script = join(SCRIPTS, 'producer.py')
  const missing = (await noBoto3()) || (!existsSync(script) && `there is no ${script}`)
  if (!missing) {
    const { PATH, HOME } = process.env
    const env = {
      ...{ PATH, HOME, AWS_CONFIG_FILE: '/dev/null', AWS_ENDPOINT_URL: endpoint },
      ...{ AWS_DEFAULT_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'any', AWS_SECRET_ACCESS_KEY: 'any' },
    }
    return async () => {
      const { code, stderr } = await run('python3', [script], { env })
      assert.equal(code, 0, stderr)
    }
  }
  t.diagnostic(`the AWS SDK produces instead of boto3: ${missing}`)
  const client = clientOf(t, new KinesisClient(clientConfig))
  return async () => {
    for (let event_id = 0; event_id < 10; event_id++)
      await client.send(
        new PutRecordCommand({
          StreamName: STREAM,
          PartitionKey: 'partitionKey',
          Data: Buffer.from(JSON.stringify({ event_id, value: 50 })),
        }),
      )
  }
}

test('the whole lab in a browser beside its boto3 producer, from the first stream to a clean server', {
  skip: noChromium,
}, async (t) => {
  const standpipe = await startServer(t)
  const page = await openPage(t, standpipe.endpoint)
  const produce = await labProducer(t, standpipe)
  const button = (name: string) => page.getByRole('button', { name, exact: true })

  await page.getByRole('heading', { name: "The lab's first step: a stream" }).waitFor()
  await button('Create stream').click()
  await page.getByRole('heading', { name: STREAM }).waitFor()
  await button('Live tail').click()
  await produce()
  await page.getByText('10 records, live').waitFor()
  await page.getByRole('searchbox').fill('$.event_id > 6')
  await page.getByText('3 match of 10 records').waitFor()
  assert.match(page.url(), /search=%24\.event_id/)
  await button('Pause live tail').click()

  // Before there is a delivery stream a record lands nowhere.
  await page.locator('tr.record').first().click()
  const drawer = page.getByRole('dialog', { name: 'Record' })
  await drawer.getByText('No delivery stream reads this stream.').waitFor()
  await drawer.getByRole('link', { name: 'Create one' }).click()
  await page.getByText('It starts at LATEST, as on AWS').waitFor()
  await button('Create delivery stream').click()
  await page.getByText('The buffer is empty.').waitFor()

  // The stumble is told where it happens, and then there is something to deliver.
  await page.getByRole('link', { name: 'Lab', exact: true }).click()
  await page.getByText(`has delivered nothing, though ${STREAM} took 10 records.`).click()
  await produce()
  await page.getByText(/^10 records \(.*\) wait/).waitFor()
  await page.getByRole('main').getByRole('button', { name: '+5 min' }).click()
  const object = page.getByRole('cell').getByRole('link', { name: new RegExp(DELIVERY_STREAM) })
  await object.click()
  await page.getByText('JSON without newlines between the records.').waitFor()

  // From the object to its records and from a record back to its bytes.
  await page.getByRole('link', { name: /10 records of shardId/ }).click()
  await page.locator('tr.record').first().click()
  await drawer.getByText('landed in').waitFor()
  await drawer.getByRole('link', { name: /^s3:/ }).click()
  assert.match((await page.locator('mark').textContent()) ?? '', /^\{"event_id": ?0,[^{}]*\}$/)

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

test('records without a producer: test records, a record of markup that shows as itself, demo data', {
  skip: noChromium,
}, async (t) => {
  const standpipe = await startServer(t)
  const page = await openPage(t, standpipe.endpoint)
  const button = (name: string) => page.getByRole('button', { name, exact: true })
  await button('Create stream').click()
  await button('Put 10 test records').click()
  await page.locator('tr.record').nth(9).waitFor()

  const text = '{"value": 1000, "note": "<img src=x onerror=alert(1)><script>alert(2)</script>"}'
  await page.getByText('Put a record of your own').click()
  await page.getByRole('textbox', { name: 'Data' }).fill(text)
  await button('Put record').click()
  await page.locator('tr.record').filter({ hasText: '<script>alert(2)</script>' }).click()
  const drawer = page.getByRole('dialog', { name: 'Record' })
  await drawer.locator('pre.payload').filter({ hasText: '<img src=x onerror=alert(1)>' }).waitFor()
  await drawer.getByRole('button', { name: 'Replay: put it again' }).click()
  await drawer.getByRole('button', { name: 'Close' }).click()
  await page.getByRole('searchbox').fill('$.value > 999')
  await button('Look for new records').click()
  await page.getByText('2 match of 12 records').waitFor()

  await page.getByRole('link', { name: 'New delivery stream' }).click()
  await button('Create delivery stream').click()
  await button('Send demo data').click()
  await page.getByText(/^50 records \(.*\) wait/).waitFor()
  await button('Deliver now').click()
  await page.getByText('Delivered 1 object.').waitFor()
  await page.getByRole('cell').getByRole('link').click()
  await page.getByText('newline-delimited JSON').waitFor()
})

test('a failing hop is told where it fails, in words of AWS', { skip: noChromium }, async (t) => {
  const standpipe = await startServer(t)
  const page = await openPage(t, standpipe.endpoint)
  await page.getByRole('link', { name: 'delivery stream that takes records directly' }).click()
  await page.getByRole('button', { name: 'Create delivery stream' }).click()
  await page.getByRole('button', { name: 'Send demo data' }).click()
  await page.getByText(/^50 records \(.*\) wait/).waitFor()
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
