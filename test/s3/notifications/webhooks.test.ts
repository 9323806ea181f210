import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DeleteStreamCommand } from '@aws-sdk/client-kinesis'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import type { NotificationsView } from '../../../src/api/views.ts'
import { fetchSigned } from '../../client-access.ts'
import { startReceiver } from '../../remote/webhook-receiver.ts'
import { Bucket, tellingServer } from './landed-events.ts'

const HOOK = 'arn:standpipe:webhook:::hook'
const Events = ['s3:ObjectCreated:*' as const]
const tell = [{ QueueArn: HOOK, Events }]

const viewOf = async (endpoint: string): Promise<NotificationsView> =>
  (await (
    await fetchSigned(`${endpoint}/_standpipe/api/buckets/${Bucket}/notifications`)
  ).json()) as NotificationsView

test('a webhook that fails, redirects and does not answer gets each event when it takes it', async (t) => {
  const { origin, requests, request } = await startReceiver(t, [200, 500, 302, 'nothing', 200])
  const { s3, configure, server } = await tellingServer(t, [], { webhook: [`hook=${origin}/a?secret=1`] })
  await configure(tell)
  await request(0)
  await s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'hello' }))
  await request(1)
  // A second, three, and nine.
  for (const by of ['2s', '4s', '10s']) await server.clock.advance(by)
  assert.deepEqual(
    requests.map(({ line }) => line),
    Array(5).fill('POST /a?secret=1'),
  )
  const [{ body: test }, ...tries] = requests as [(typeof requests)[number], ...typeof requests]
  assert.equal(JSON.parse(test).Event, 's3:TestEvent')
  assert.equal(new Set(tries.map(({ body }) => body)).size, 1, 'it is the same event each time')
  const [{ s3: of }] = JSON.parse(tries[0]!.body).Records
  assert.equal(of.object.key, 'k')
  const metrics = await (await fetchSigned(`${server.endpoint}/_standpipe/metrics`)).text()
  const labels = `{bucket_name="${Bucket}",destination="${HOOK}"}`
  assert.match(metrics, new RegExp(`^standpipe_notifications_sent_total${labels} 2$`, 'm'))
  assert.match(metrics, new RegExp(`^standpipe_notifications_failed_total${labels} 3$`, 'm'))
})

test('what fails is said without what may be secret of the URL', async (t) => {
  const { origin, request } = await startReceiver(t, [200, 500])
  const { s3, configure, server } = await tellingServer(t, [], { webhook: [`hook=${origin}/a?secret=1`] })
  await configure(tell)
  await request(0)
  await s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'hello' }))
  await request(1)
  await server.clock.advance(0)
  const { problems } = (await (await fetchSigned(`${server.endpoint}/_standpipe/health`)).json()) as {
    problems: { code: string; where: string; what: string }[]
  }
  assert.deepEqual(
    problems.map(({ code, where }) => [code, where]),
    [['NotificationsFailing', `the events of bucket ${Bucket} for ${HOOK}`]],
  )
  assert.match(problems[0]!.what, new RegExp(`${origin} answered 500;`))
  assert.doesNotMatch(problems[0]!.what, /secret/)
  const view = await viewOf(server.endpoint)
  assert.equal(view.outstanding, 1)
  assert.deepEqual(
    view.failing.map(({ destination }) => destination),
    [HOOK],
  )
})

test('a stream that is deleted leaves dead letters, which are sent again or dropped by our own API', async (t) => {
  const { s3, kinesis, server } = await tellingServer(t, Events)
  await server.clock.advance(0)
  await kinesis.send(new DeleteStreamCommand({ StreamName: 'landed' }))
  await server.clock.advance('1m')
  await s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'hello' }))
  await s3.send(new PutObjectCommand({ Bucket, Key: 'b', Body: 'hello' }))
  await server.clock.advance('26h')
  const at = `${server.endpoint}/_standpipe/api/buckets/${Bucket}`
  const { outstanding, deadLetterCount, deadLetters } = await viewOf(server.endpoint)
  assert.deepEqual([outstanding, deadLetterCount], [0, 2])
  assert.match(deadLetters[0]!.why, /^ResourceNotFoundException: .*[^.]$/)
  const settle = async (body: object) =>
    (await fetchSigned(`${at}/dead-letters`, { method: 'POST', body: JSON.stringify(body) })).json()
  assert.deepEqual(await settle({ do: 'burn' }), { code: 'BadRequest', message: 'do is send or drop.' })
  assert.deepEqual(await settle({ do: 'drop', id: deadLetters[0]!.id }), { count: 1 })
  assert.deepEqual(await settle({ do: 'send' }), { count: 1 })
  await server.clock.advance(0)
  const after = await viewOf(server.endpoint)
  assert.deepEqual([after.outstanding, after.deadLetterCount], [1, 0])
  const nowhere = await fetchSigned(`${server.endpoint}/_standpipe/api/buckets/nowhere/notifications`)
  assert.equal(nowhere.status, 404)
})
