import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CreateChannelCommand, CreateStreamCommand, KinesisClient } from '@aws-sdk/client-kinesis'
import type { Overview } from '../../src/api/views.ts'
import { clientOf, startServer } from '../server.ts'
import { noChromium } from './chromium.ts'
import { openPage } from './open-page.ts'

const ACCOUNT = '000000000000'
const channel = (name: string, bucket: string) =>
  new CreateChannelCommand({
    ChannelName: `${name}-channel`,
    ServiceExecutionRoleARN: `arn:aws:iam::${ACCOUNT}:role/delivery`,
    StreamConfigurationList: [
      {
        StreamARN: `arn:aws:kinesis:us-east-1:${ACCOUNT}:stream/${name}`,
        RecordConfiguration: { RecordFormatType: 'JSON' },
      },
    ],
    S3DestinationConfiguration: {
      StorageConfiguration: {
        BucketARN: `arn:aws:s3:::${bucket}`,
        ExpectedBucketOwner: ACCOUNT,
        CompressionType: 'GZIP',
      },
    },
  })

test('a channel is a path of the pipeline, has its own page, and is cleaned up before its stream', {
  skip: noChromium,
}, async (t) => {
  const standpipe = await startServer(t)
  const kinesis = clientOf(t, new KinesisClient(standpipe.clientConfig))
  await fetch(`${standpipe.endpoint}/archive`, { method: 'PUT' })
  for (const [StreamName, bucket] of [
    ['orders', 'archive'],
    ['wrong', 'nowhere'],
  ] as const) {
    await kinesis.send(
      new CreateStreamCommand({ StreamName, StreamModeDetails: { StreamMode: 'ON_DEMAND' } }),
    )
    await kinesis.send(channel(StreamName, bucket))
  }
  const page = await openPage(t, standpipe.endpoint)
  await page
    .getByRole('link', { name: 'Channel wrong-channel FAILED nowhere: The specified bucket' })
    .waitFor()

  await page.getByRole('link', { name: 'Channel orders-channel' }).click()
  await page.getByRole('link', { name: 's3://archive/kinesis-channel/errors/orders-channel/' }).waitFor()
  await page.getByRole('button', { name: 'Send demo data' }).click()
  await page.getByText(/^50 records \(.*\) wait/).waitFor()
  await page.getByRole('button', { name: 'Deliver now' }).click()
  await page.getByText('Delivered 1 object.').waitFor()

  await page.goto(`${standpipe.endpoint}/_standpipe/lab`)
  await page.getByRole('button', { name: 'Clean up …' }).click()
  await page.getByText('Channel orders-channel, with what it has buffered').waitFor()
  await page.getByRole('button', { name: 'Delete all of it' }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  const left = (await (await fetch(`${standpipe.endpoint}/_standpipe/api/overview`)).json()) as Overview
  assert.deepEqual(left.totals, { streams: 0, deliveryStreams: 0, buckets: 0 })
})
