import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startServer } from '../server.ts'
import { noChromium, openContext } from './chromium.ts'
import { seriousFindings } from './serious-findings.ts'

const RoleARN = 'arn:aws:iam::000000000000:role/firehose'

test('axe finds nothing serious on any screen, in either theme', { skip: noChromium }, async (t) => {
  const standpipe = await startServer(t)
  const root = `${standpipe.endpoint}/_standpipe/`
  const aws = (operation: string, input: object) =>
    fetch(`${root}api/aws/${operation}`, { method: 'POST', body: JSON.stringify(input) })
  const deliveryStream = (DeliveryStreamName: string, bucket: string) =>
    aws('firehose/CreateDeliveryStream', {
      DeliveryStreamName,
      ExtendedS3DestinationConfiguration: { RoleARN, BucketARN: `arn:aws:s3:::${bucket}` },
    })
  const Data = Buffer.from('{"a":1}').toString('base64')
  const empty = ['', 'objects', 'cost', 'lab']
  const full = [
    '',
    '?new=stream',
    '?search=nothing',
    'cost',
    'streams/clicks',
    'streams/clicks?search=%24.a%20%3E',
    'streams/clicks?tab=shards',
    'streams/clicks?tab=consumers',
    'streams/clicks?tab=monitoring',
    'streams/clicks?tab=settings',
    'delivery-streams/good',
    'delivery-streams/failing',
    'new-delivery-stream?stream=clicks',
    'objects?bucket=archive',
    'lab',
  ]
  const page = await (await openContext(t, {}, { reducedMotion: 'reduce' })).newPage()
  const findings = await seriousFindings(page)
  const found: string[] = []
  const check = async (path: string) => found.push(...(await findings(path)))
  const checkAll = async (paths: readonly string[]) => {
    for (const path of paths) {
      await page.goto(root + path)
      await page.locator('h1').first().waitFor()
      await check(path)
    }
  }
  await checkAll(empty)
  await aws('kinesis/CreateStream', { StreamName: 'clicks', ShardCount: 2 })
  await aws('kinesis/PutRecord', { StreamName: 'clicks', PartitionKey: 'a', Data })
  await aws('s3/CreateBucket', { Bucket: 'archive' })
  await deliveryStream('good', 'archive')
  await deliveryStream('failing', 'none')
  for (const DeliveryStreamName of ['good', 'failing'])
    await aws('firehose/PutRecord', { DeliveryStreamName, Record: { Data } })
  await fetch(`${root}api/budget`, { method: 'POST', body: '{"usd": 1}' })
  await standpipe.clock.advance('5m')
  await checkAll(full)
  await page.goto(`${root}streams/clicks`)
  await page.locator('tr.record').first().click()
  await page.getByRole('dialog').waitFor()
  await check('a record')
  // Its retries end in nothing: records are lost, and said to be.
  await standpipe.clock.advance('2d')
  await page.goto(`${root}cost`)
  await page.getByText('delivery stream failing').waitFor()
  await check('a problem')
  await page.getByRole('button', { name: 'What to do' }).click()
  await page.getByRole('dialog').waitFor()
  await check('what is wrong')
  assert.deepEqual(found, [])
})
