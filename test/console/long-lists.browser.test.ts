import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Overview } from '../../src/api/views.ts'
import { matchingPaths } from '../../src/insight/overview.ts'
import { startServer } from '../server.ts'
import { noChromium } from './chromium.ts'
import { openPage } from './open-page.ts'

const COUNT = 203
const numbers = Array.from({ length: COUNT }, (_, index) => String(index).padStart(3, '0'))
const LAST = numbers.at(-1)!

/** A server with more of everything than a list holds. */
async function startCrowded(t: Parameters<typeof startServer>[0]) {
  const standpipe = await startServer(t)
  const aws = async (operation: string, input: object) => {
    const init = { method: 'POST', body: JSON.stringify(input) }
    const answer = await fetch(`${standpipe.endpoint}/_standpipe/api/aws/${operation}`, init)
    assert.equal(answer.status, 200, await answer.text())
  }
  const RoleARN = 'arn:aws:iam::000000000000:role/firehose'
  const create = async (number: string) => {
    await aws('kinesis/CreateStream', { StreamName: `clicks-${number}`, ShardCount: 1 })
    await aws('s3/CreateBucket', { Bucket: `archive-${number}` })
    await aws('firehose/CreateDeliveryStream', {
      DeliveryStreamName: `to-${number}`,
      DeliveryStreamType: 'KinesisStreamAsSource',
      KinesisStreamSourceConfiguration: {
        KinesisStreamARN: `arn:aws:kinesis:us-east-1:000000000000:stream/clicks-${number}`,
        RoleARN,
      },
      ExtendedS3DestinationConfiguration: { RoleARN, BucketARN: `arn:aws:s3:::archive-${number}` },
    })
  }
  await Promise.all(numbers.map(create))
  return standpipe
}

test('no list ends without saying so, and what it leaves out can be found', {
  skip: noChromium,
}, async (t) => {
  const standpipe = await startCrowded(t)
  const page = await openPage(t, standpipe.endpoint)
  const root = `${standpipe.endpoint}/_standpipe/`

  await page.getByText(`The first 200 of ${COUNT} streams; search for the others.`).waitFor()
  await page.getByText(`The first 200 of ${COUNT} delivery streams; search for the others.`).waitFor()
  await page.getByRole('searchbox').fill(`to-${LAST}`)
  await page.getByRole('link', { name: `Stream clicks-${LAST}` }).waitFor()
  await page.getByRole('link', { name: `Bucket archive-${LAST}` }).waitFor()
  assert.equal(await page.locator('.path').count(), 1)
  assert.match(page.url(), /\?search=to-202$/)
  await page.getByRole('searchbox').fill('nothing of this name')
  await page.getByText('No name contains “nothing of this name”.').waitFor()

  // Screens of what no list holds.
  await page.goto(`${root}delivery-streams/to-${LAST}`)
  await page.getByText('The buffer is empty.').waitFor()
  await page.goto(`${root}streams/clicks-${LAST}?tab=settings`)
  await page.getByText(`stream/clicks-${LAST}`).waitFor()
  await page.getByRole('link', { name: `→ to-${LAST}` }).waitFor()
  await page.goto(`${root}streams/clicks-999`)
  await page.getByText('There is no such stream.').waitFor()

  await page.goto(`${root}objects`)
  await page.getByText(`The first 200 of ${COUNT} buckets; search for the others.`).waitFor()
  await page.getByRole('searchbox').fill(`archive-${LAST}`)
  await page.getByRole('link', { name: `archive-${LAST}` }).click()
  await page.getByText('0 objects here').waitFor()

  const overview = (await (await fetch(`${root}api/overview?search=clicks-20`)).json()) as Overview
  assert.deepEqual(overview.found, { streams: 3, deliveryStreams: 3, buckets: 3 })
  assert.deepEqual(overview.totals, { streams: COUNT, deliveryStreams: COUNT, buckets: COUNT })
})

test('a text names whole paths, and who is named exactly comes first', () => {
  const all = {
    streams: ['a', 'b', 'click', 'clicks'],
    deliveryStreams: [
      { name: 'one', sourceStream: 'clicks', bucket: 'x' },
      { name: 'two', sourceStream: undefined, bucket: 'Clicks-archive' },
      { name: 'three', sourceStream: 'a', bucket: 'y' },
    ],
    buckets: ['Clicks-archive', 'x', 'y', 'z'],
  }
  assert.deepEqual(matchingPaths(all, ''), all)
  assert.deepEqual(matchingPaths(all, 'clicks'), {
    streams: ['clicks'],
    deliveryStreams: all.deliveryStreams.slice(0, 2),
    buckets: ['Clicks-archive', 'x'],
  })
  assert.deepEqual(matchingPaths(all, 'three').streams, ['a'])
  assert.deepEqual(matchingPaths({ ...all, streams: ['clicks', 'click'] }, 'click').streams, [
    'click',
    'clicks',
  ])
})
