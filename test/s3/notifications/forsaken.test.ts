import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DeleteStreamCommand } from '@aws-sdk/client-kinesis'
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import type { NotificationsView } from '../../../src/api/views.ts'
import { fetchSigned } from '../../client-access.ts'
import { clientOf } from '../../server.ts'
import { Bucket, StreamName, tellingServer } from './landed-events.ts'

const OTHER = '111111111111'

test('what nobody could be told of a deleted bucket is its account’s, whoever makes the bucket anew', async (t) => {
  const { s3, kinesis, server } = await tellingServer(t, ['s3:ObjectCreated:*'])
  await server.clock.advance(0)
  await kinesis.send(new DeleteStreamCommand({ StreamName }))
  await server.clock.advance('1m')
  for (const Key of ['a', 'b', 'c']) await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'hello' }))
  await server.clock.advance('26h')
  for (const Key of ['a', 'b', 'c']) await s3.send(new DeleteObjectCommand({ Bucket, Key }))
  await s3.send(new PutObjectCommand({ Bucket, Key: 'owed', Body: 'hello' }))
  await s3.send(new DeleteObjectCommand({ Bucket, Key: 'owed' }))
  await server.clock.advance(0)
  await s3.send(new DeleteBucketCommand({ Bucket }))

  const api = async (path: string, init: object = {}, account = '') => {
    const url = new URL(`${server.endpoint}/_standpipe/api/buckets/${Bucket}/${path}`)
    if (account) url.searchParams.set('account', account)
    const answer = await fetchSigned(url.href, init)
    return { status: answer.status, body: (await answer.json()) as NotificationsView }
  }
  const drop = { method: 'POST', body: JSON.stringify({ do: 'drop' }) }
  const send = { method: 'POST', body: JSON.stringify({ do: 'send' }) }

  const gone = await api('notifications')
  assert.deepEqual([gone.status, gone.body.deadLetterCount, gone.body.outstanding], [200, 3, 1])
  assert.equal((await api('notifications', {}, OTHER)).status, 404)

  const credentials = { accessKeyId: OTHER, secretAccessKey: 'x' }
  const other = clientOf(t, new S3Client({ ...server.clientConfig, credentials }))
  await other.send(new CreateBucketCommand({ Bucket }))
  const anew = await api('notifications', {}, OTHER)
  assert.deepEqual(anew.body, {
    ...{ configurations: [], outstanding: 0, failing: [], deadLetterCount: 0, deadLetters: [] },
  })
  for (const wanted of [send, drop])
    assert.deepEqual((await api('dead-letters', wanted, OTHER)).body, { count: 0 })

  const { deadLetters } = gone.body
  const one = { method: 'POST', body: JSON.stringify({ do: 'send', id: deadLetters[0]?.id }) }
  assert.deepEqual((await api('dead-letters', one)).body, { count: 1 })
  assert.deepEqual((await api('dead-letters', drop)).body, { count: 2 })
  const health = await (await fetchSigned(`${server.endpoint}/_standpipe/health`)).text()
  assert.doesNotMatch(health, /NotificationsGivenUp/)
})
