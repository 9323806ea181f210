import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NOW } from './bound-kinesis.ts'
import { assertWantsActive, assertWantsStreamArn } from './stream-refusals.ts'
import { withRegister } from './with-consumer.ts'

const StreamARN = 'arn:aws:kinesis:eu-west-1:123456789012:stream/orders'

test('a consumer is CREATING, ACTIVE, DELETING and gone', async () => {
  const { call, clock, refused, register } = await withRegister({ stateDelayMs: 500 })
  const { Consumer } = await register('app')
  const ConsumerARN = `${StreamARN}/consumer/app:${Math.floor((NOW + 1_000) / 1_000)}`
  assert.deepEqual(Consumer, {
    ConsumerName: 'app',
    ConsumerARN,
    ConsumerStatus: 'CREATING',
    ConsumerCreationTimestamp: NOW + 1_000,
  })
  await clock.advance(500)
  const described = async () => (await call('DescribeStreamConsumer', { ConsumerARN })).ConsumerDescription
  assert.deepEqual(await described(), { ...Consumer, ConsumerStatus: 'ACTIVE', StreamARN })
  const byName = { StreamARN, ConsumerName: 'app' }
  assert.deepEqual((await call('DescribeStreamConsumer', byName)).ConsumerDescription, await described())
  const summary = (await call('DescribeStreamSummary', { StreamARN })).StreamDescriptionSummary
  assert.equal(summary.ConsumerCount, 1)
  assert.equal((await refused('RegisterStreamConsumer', byName)).code, 'ResourceInUseException')
  await call('DeregisterStreamConsumer', byName)
  assert.equal((await described()).ConsumerStatus, 'DELETING')
  await clock.advance(500)
  assert.equal((await refused('DescribeStreamConsumer', byName)).code, 'ResourceNotFoundException')
  await register('app')
  assert.equal((await refused('DescribeStreamConsumer', { ConsumerARN })).code, 'ResourceNotFoundException')
})

test('a stream has twenty consumers at most, five of them CREATING', async () => {
  const { clock, refused, register } = await withRegister({ limits: 'aws', stateDelayMs: 500 })
  for (let index = 0; index < 20; index++) {
    if (index % 5 === 0) await clock.advance(500)
    await register(`app${index}`)
  }
  const one = { StreamARN, ConsumerName: 'one' }
  assert.match((await refused('RegisterStreamConsumer', one)).message, /more than 20/)
  const other = await withRegister({ limits: 'aws', stateDelayMs: 500 })
  for (let index = 0; index < 5; index++) await other.register(`app${index}`)
  assert.match((await other.refused('RegisterStreamConsumer', one)).message, /No more than 5/)
})

test('in On-demand Advantage mode a stream has fifty', async () => {
  const { call, clock, refused, register } = await withRegister({ limits: 'aws' })
  await call('UpdateAccountSettings', { MinimumThroughputBillingCommitment: { Status: 'ENABLED' } })
  for (let index = 0; index < 20; index++) await register(`app${index}`)
  const one = { StreamARN, ConsumerName: 'one' }
  assert.match((await refused('RegisterStreamConsumer', one)).message, /more than 20/)
  await call('UpdateStreamMode', { StreamARN, StreamModeDetails: { StreamMode: 'ON_DEMAND' } })
  await clock.advance(1)
  for (let index = 20; index < 50; index++) await register(`app${index}`)
  assert.match((await refused('RegisterStreamConsumer', one)).message, /more than 50/)
})

test('what cannot be registered is refused with the reason', async () => {
  const { refused, register } = await withRegister({ limits: 'aws', stateDelayMs: 500 })
  const app = { StreamARN, ConsumerName: 'app' }
  await register('app')
  assert.deepEqual(await refused('RegisterStreamConsumer', app), {
    code: 'ResourceInUseException',
    message: 'Consumer app of stream orders under account 123456789012 already exists.',
  })
  for (let index = 1; index < 5; index++) await register(`app${index}`)
  assert.deepEqual(await refused('RegisterStreamConsumer', { ...app, ConsumerName: 'other' }), {
    code: 'LimitExceededException',
    message: 'No more than 5 consumers of a stream can be in the CREATING state at a time.',
  })
})

test('RegisterStreamConsumer wants a stream that is not CREATING', async () => {
  await assertWantsStreamArn('RegisterStreamConsumer', { ConsumerName: 'app' })
  await assertWantsActive('RegisterStreamConsumer', { StreamARN, ConsumerName: 'app' })
})
