import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { startReceiver } from '../remote/webhook-receiver.ts'
import { Bucket, tellingServer } from '../s3/notifications/landed-events.ts'
import { noChromium } from './chromium.ts'
import { openPage } from './open-page.ts'

const HOOK = 'arn:standpipe:webhook:::hook'

test('whom a bucket tells, what waits, and dead letters that are sent again and dropped', {
  skip: noChromium,
}, async (t) => {
  const { origin, requests } = await startReceiver(t, [200, ...Array(200).fill(500)])
  const { s3, configure, arn, server } = await tellingServer(t, [], { webhook: [`hook=${origin}/`] })
  const Filter = { Key: { FilterRules: [{ Name: 'prefix' as const, Value: 'logs/' }] } }
  await configure([
    { QueueArn: HOOK, Events: ['s3:ObjectCreated:*'], ...{ Filter } },
    { QueueArn: arn, Events: ['s3:ObjectRemoved:*'] },
  ])
  const page = await openPage(t, server.endpoint)
  const main = page.getByRole('main')
  const shoot = async (name: string) => {
    if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/${name}.png` })
  }
  await page.goto(`${server.endpoint}/_standpipe/objects?bucket=${Bucket}`)
  const panel = main.getByRole('region', { name: 'Event notifications' })
  await panel.getByText('logs/*').waitFor()
  await panel.getByText(HOOK).first().waitFor()
  await panel.getByText('Nothing waits to be told.').waitFor()

  for (const Key of ['logs/a', 'logs/b', 'logs/c'])
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: Key }))
  await panel.getByText('3 events still to be told').waitFor()
  await panel.getByText(`${origin} answered 500`).waitFor()
  await shoot('events-outstanding')

  await server.clock.advance('26h')
  await panel.getByText('3 dead letters').waitFor()
  await shoot('events-dead')
  const letters = panel.getByRole('table', { name: 'Dead letters' })
  await letters.getByRole('row').filter({ hasText: 'logs/a' }).getByRole('button', { name: 'Drop' }).click()
  await panel.getByText('2 dead letters').waitFor()
  const before = requests.length
  await panel.getByRole('button', { name: 'Send all again' }).click()
  await panel.getByText('2 events still to be told').waitFor()
  assert.equal(await letters.count(), 0)
  await server.clock.advance(0)
  assert.ok(requests.length >= before)
})
