import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StreamARN, withStream } from './with-stream.ts'

test('a policy is stored for a stream or a consumer, and checked for its form', async () => {
  const { call, refused } = await withStream()
  const { Consumer } = await call('RegisterStreamConsumer', { StreamARN, ConsumerName: 'app' })
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [] })
  for (const ResourceARN of [StreamARN, Consumer.ConsumerARN]) {
    assert.deepEqual(await call('GetResourcePolicy', { ResourceARN }), { Policy: '{}' })
    assert.equal((await refused('DeleteResourcePolicy', { ResourceARN })).code, 'ResourceNotFoundException')
    await call('PutResourcePolicy', { ResourceARN, Policy })
    assert.deepEqual(await call('GetResourcePolicy', { ResourceARN }), { Policy })
    await call('DeleteResourcePolicy', { ResourceARN })
    assert.deepEqual(await call('GetResourcePolicy', { ResourceARN }), { Policy: '{}' })
    for (const wrong of ['', '{', '[]', '{}'])
      assert.match((await refused('PutResourcePolicy', { ResourceARN, Policy: wrong })).message, /malformed/)
  }
})

test('a consumer that is not ACTIVE takes no policy', async () => {
  const { call, clock, refused } = await withStream({ stateDelayMs: 500 })
  const { Consumer } = await call('RegisterStreamConsumer', { StreamARN, ConsumerName: 'app' })
  const policy = { ResourceARN: Consumer.ConsumerARN, Policy: JSON.stringify({ Statement: [] }) }
  const { code, message } = await refused('PutResourcePolicy', policy)
  assert.equal(code, 'ResourceInUseException')
  assert.match(
    message,
    /^Consumer app with creation timestamp \d+ under stream orders and account .* not in ACTIVE/,
  )
  await clock.advance(500)
  await call('PutResourcePolicy', policy)
})

test('a policy that has not the form of one is refused with the reason', async () => {
  const { call, refused } = await withStream()
  const policy = (length: number) => JSON.stringify({ Statement: [], Id: 'x'.repeat(length) })
  const statementFor = (Principal: object) =>
    JSON.stringify({ Statement: [{ Effect: 'Allow', Action: 'kinesis:*', Resource: '*', Principal }] })
  const longest = policy(20 * 1_024 - policy(0).length)
  await call('PutResourcePolicy', { ResourceARN: StreamARN, Policy: longest })
  for (const [Policy, why] of [
    [`${longest} `, 'it has more than 20480 bytes'],
    ['{', 'it is not JSON'],
    ['{}', 'it has no Statement'],
    [
      '{"Statement":[{"Effect":"Allow","Action":"kinesis:*","Resource":"*"}]}',
      'a statement has no Principal',
    ],
    ['{"Statement":[{"Effect":"Perhaps"}]}', 'Perhaps is no effect'],
    [statementFor({ AWS: 'anna' }), 'anna is no principal'],
  ] as const)
    assert.deepEqual(await refused('PutResourcePolicy', { ResourceARN: StreamARN, Policy }), {
      code: 'InvalidArgumentException',
      message: `Policy is malformed: ${why}.`,
    })
  const nothing = { ResourceARN: StreamARN.replace('orders', 'nothing'), Policy: policy(0) }
  assert.deepEqual(await refused('PutResourcePolicy', nothing), {
    code: 'ResourceNotFoundException',
    message: 'Stream nothing under account 123456789012 not found.',
  })
})
