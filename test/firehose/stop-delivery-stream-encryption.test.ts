import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  assertWantsActive,
  assertWantsDeliveryStream,
  assertWantsDirectPut,
} from './delivery-stream-refusals.ts'
import { describe } from './destination-requests.ts'
import { createActive, createLab, NAME } from './firehose-lab.ts'

const name = { DeliveryStreamName: NAME }

test('encryption is DISABLING, then DISABLED, and answers to puts say so', async () => {
  const lab = await createLab()
  await createActive(lab)
  const statusOf = async () => (await describe(lab)).DeliveryStreamEncryptionConfiguration
  const put = () => lab.call('PutRecord', { ...name, Record: { Data: new Uint8Array(1) } })
  await lab.call('StartDeliveryStreamEncryption', name)
  await lab.clock.advance(500)
  assert.deepEqual(await lab.call('StopDeliveryStreamEncryption', name), {})
  assert.deepEqual(await statusOf(), { KeyType: 'AWS_OWNED_CMK', Status: 'DISABLING' })
  await lab.clock.advance(500)
  assert.deepEqual(await statusOf(), { Status: 'DISABLED' })
  assert.equal((await put()).Encrypted, false)
})

test('what was not encrypted stays so', async () => {
  const lab = await createLab()
  await createActive(lab)
  assert.deepEqual(await lab.call('StopDeliveryStreamEncryption', name), {})
  assert.deepEqual((await describe(lab)).DeliveryStreamEncryptionConfiguration, { Status: 'DISABLED' })
})

test('StopDeliveryStreamEncryption wants an ACTIVE delivery stream for Direct PUT', async () => {
  await assertWantsDeliveryStream('StopDeliveryStreamEncryption')
  await assertWantsActive('StopDeliveryStreamEncryption')
  await assertWantsDirectPut(
    'StopDeliveryStreamEncryption',
    'Server side encryption from firehose is only allowed for direct put delivery streams and database as a source delivery streams',
    {},
  )
})
