import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { Kinesis } from '@aws-sdk/client-kinesis'
import { startReceiver } from '../remote/webhook-receiver.ts'
import { clientOf, startServer } from '../server.ts'
import { noChromium } from './chromium.ts'
import { openPage } from './open-page.ts'

const NAME = 'StreamToS3'
const BUCKET = 'ml-ingestion-bucket'

test('a delivery stream from its wizard to its objects: why each was made, how often it was tried, what is in it', {
  skip: noChromium,
}, async (t) => {
  const standpipe = await startServer(t)
  const page = await openPage(t, standpipe.endpoint)
  const root = `${standpipe.endpoint}/_standpipe/`
  const main = page.getByRole('main')
  const button = (name: string) => main.getByRole('button', { name, exact: true })
  const row = (text: string) => page.getByRole('row').filter({ hasText: text })
  const put = (...records: object[]) =>
    fetch(`${root}api/aws/firehose/PutRecordBatch`, {
      method: 'POST',
      body: JSON.stringify({
        DeliveryStreamName: NAME,
        Records: records.map((record) => ({ Data: Buffer.from(JSON.stringify(record)).toString('base64') })),
      }),
    })

  // AWS's defaults are there to be seen.
  await page.goto(`${root}new-delivery-stream`)
  assert.equal(await page.getByLabel('Buffer size').inputValue(), '5')
  assert.equal(await page.getByLabel('Buffer interval').inputValue(), '300')
  assert.equal(await page.getByLabel('A newline after each record').isChecked(), false)
  await page.getByLabel('Error output prefix').fill('errors/')
  await page.getByLabel('Compression').selectOption('GZIP')
  await button('Create delivery stream').click()
  await page.getByText('The first record starts the 5 min interval.').waitFor()
  await page.getByRole('link', { name: `s3://${BUCKET}/errors/` }).waitFor()

  // Without its bucket it fails, and says what it is doing about it.
  await fetch(`${standpipe.endpoint}/${BUCKET}`, { method: 'DELETE' })
  await put({ id: 1 }, { id: 2, note: '<b>bold</b>' })
  await page.getByText(/^2 records \(.*\) wait/).waitFor()
  await button('Deliver now').click()
  await row('on its way').getByText('1 attempt failed (S3.NoSuchBucket)').waitFor()
  await fetch(`${standpipe.endpoint}/${BUCKET}`, { method: 'PUT' })
  await button('Deliver now').click()
  await row("deliver-now, not AWS's timing").waitFor()
  const cells = await row("deliver-now, not AWS's timing").getByRole('cell').allTextContents()
  assert.equal(cells[2], '2')
  assert.equal(cells[6], '2', 'attempts')

  await put({ id: 3 })
  await page.getByText(/^1 record \(.*\) waits/).waitFor()
  await button('+5 min').click()
  await row('clock was moved').getByText('interval').waitFor()

  // The object is unpacked, and the missing newlines are explained where they are missed.
  await row('deliver-now').getByRole('link').click()
  await page.getByText('of gzip, shown decompressed').waitFor()
  await page.getByText('JSON without newlines between the records.').waitFor()
  await page.getByText('{"id":1}{"id":2,"note":"<b>bold</b>"}', { exact: true }).waitFor()
  await button('One value per line').click()
  assert.equal(await page.locator('pre.payload').textContent(), '{"id":1}\n{"id":2,"note":"<b>bold</b>"}')
  const downloading = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Download' }).click()
  const pieces = await (await (await downloading).createReadStream()).toArray()
  assert.equal(gunzipSync(Buffer.concat(pieces)).toString(), '{"id":1}{"id":2,"note":"<b>bold</b>"}')

  // The lab says it where the step is.
  await page.keyboard.press('l')
  await page.getByText('There are no newlines between the records').waitFor()
  await page.goBack()

  await page.getByText('2 objects here').waitFor()
  await button('Delete object').click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete object' }).click()
  await page.getByText('1 object here').waitFor()
})

test('a budget is kept by the server, and whoever comes to the console is told', {
  skip: noChromium,
}, async (t) => {
  const standpipe = await startServer(t)
  const root = `${standpipe.endpoint}/_standpipe/`
  await fetch(`${root}api/aws/kinesis/CreateStream`, {
    method: 'POST',
    body: JSON.stringify({ StreamName: 'clicks', ShardCount: 1 }),
  })
  const page = await openPage(t, standpipe.endpoint)
  await page.goto(`${root}cost`)
  await page.getByText('If left running for a month: $10.9').waitFor()
  const receiver = await startReceiver(t, [204, 204])
  const webhook = page.getByLabel('Webhook')
  await page.getByLabel('Budget, USD').fill('5')
  await webhook.fill('file:///etc/passwd')
  assert.equal(
    await webhook.evaluate((field: { matches(selector: string): boolean }) => field.matches(':invalid')),
    true,
  )
  await webhook.fill(`${receiver.origin}/hook`)
  await page.getByRole('button', { name: 'Set budget' }).click()
  const banner = page.getByText(
    /Left running for a month this would cost \$10\.9\d: over the budget of \$5\./,
  )
  await banner.waitFor()
  assert.equal(JSON.parse((await receiver.request(0)).body).alert, 'forecast')
  await page.reload()
  await page.getByText("the server's log and a POST").waitFor()
  assert.equal(await webhook.inputValue(), `${receiver.origin}/hook`)

  // Another profile, which remembers nothing.
  const other = await page.context().browser()!.newPage()
  await other.goto(root)
  await other.getByText('over the budget of $5.').waitFor()

  await page.getByRole('button', { name: 'Remove budget' }).click()
  await page.getByText('No budget is set.').waitFor()
  assert.equal(await banner.count(), 0)
})

test('a stream that was asked for in another region is said on every screen, for an hour', {
  skip: noChromium,
}, async (t) => {
  const { endpoint, clientConfig, clock } = await startServer(t)
  const here = clientOf(t, new Kinesis(clientConfig))
  await here.createStream({ StreamName: 'orders', ShardCount: 1 })
  const page = await openPage(t, endpoint)
  const notice = page.getByRole('note').getByText(/^stream orders was asked for in eu-west-1,/)
  await page.getByText('orders').first().waitFor()
  assert.equal(await notice.count(), 0)

  const away = clientOf(t, new Kinesis({ ...clientConfig, region: 'eu-west-1', maxAttempts: 1 }))
  await assert.rejects(away.describeStreamSummary({ StreamName: 'orders' }), {
    name: 'ResourceNotFoundException',
  })
  for (const path of ['', 'objects', 'cost']) {
    await page.goto(`${endpoint}/_standpipe/${path}`)
    await notice.waitFor()
    assert.match((await notice.textContent()) ?? '', /it exists in us-east-1: the region .* is another\.$/)
  }

  await clock.advance('1h')
  await page.reload()
  await page.getByRole('heading').first().waitFor()
  await notice.waitFor({ state: 'detached' })
})
