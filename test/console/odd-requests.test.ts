import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startServer } from '../server.ts'

const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64')

test('a forged page token, an account that is none and a missing bucket are refused', async (t) => {
  const errors: string[] = []
  const quiet = () => undefined
  const log = { error: (line: string) => errors.push(line), warn: quiet, info: quiet, debug: quiet }
  const standpipe = await startServer(t, { log })
  const api = `${standpipe.endpoint}/_standpipe/api/`
  const now = standpipe.clock.now().getTime()
  const codeOf = async (path: string, body?: object) => {
    const answer = await fetch(api + path, body && { method: 'POST', body: JSON.stringify(body) })
    return [answer.status, ((await answer.json()) as { code: string }).code]
  }
  for (const state of [null, {}, { ref: null }, { ref: {} }])
    for (const NextToken of [base64(['shards', now, state]), base64({ list: 'shards', at: now, state })])
      assert.deepEqual(await codeOf('aws/kinesis/ListShards', { NextToken }), [
        400,
        'InvalidArgumentException',
      ])
  for (const operation of ['ListStreams', 'ListChannels'])
    assert.deepEqual(await codeOf(`aws/kinesis/${operation}`, { NextToken: base64({ state: 1 }) }), [
      400,
      'InvalidArgumentException',
    ])
  assert.deepEqual(await codeOf('aws/s3/PutBucketAcl', {}), [400, 'ValidationException'])
  assert.deepEqual(await codeOf('aws/s3/HeadObject', { Bucket: 'a', Key: '' }), [400, 'ValidationException'])
  assert.deepEqual(await codeOf('aws/s3/PutBucketTagging', { Bucket: 'archive' }), [
    400,
    'ValidationException',
  ])
  for (const path of ['overview', 'lab', 'events', 'streams/a/shards', 'landed', 'events?tail=a'])
    for (const scope of ['account=../', 'account=1', 'region=a/b', 'region='])
      assert.deepEqual(
        await codeOf(`${path}${path.includes('?') ? '&' : '?'}${scope}`),
        [400, 'BadRequest'],
        path,
      )
  assert.deepEqual(await codeOf('events?tail=a&from=somewhere'), [400, 'BadRequest'])
  assert.deepEqual(await codeOf('clock/advance', { by: '99999999999d' }), [400, 'ClockEnd'])
  const long = 'k'.repeat(3_000)
  assert.deepEqual(await codeOf(`landed?bucket=${long}&key=a`), [404, 'NotFound'])
  assert.deepEqual(await codeOf(`streams/clicks/records?from=next:-1.5`), [400, 'ResourceNotFoundException'])
  await codeOf('aws/kinesis/CreateStream', { StreamName: 'clicks', ShardCount: 1 })
  for (const next of ['-1.5', '0.-5', '1e3.1', '0.0x1', '0.1,', ' 0.1'])
    assert.deepEqual(await codeOf(`streams/clicks/records?from=next:${next}`), [400, 'BadRequest'], next)
  assert.deepEqual(errors, [])
})
