import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  assertWantsActive,
  assertWantsDeliveryStream,
  assertWantsDirectPut,
} from './delivery-stream-refusals.ts'
import { describe } from './destination-requests.ts'
import { ACCOUNT, createActive, createLab, NAME } from './firehose-lab.ts'

const name = { DeliveryStreamName: NAME }

test('encryption is ENABLING, then ENABLED, and answers to puts say so', async () => {
  const lab = await createLab()
  await createActive(lab)
  const statusOf = async () => (await describe(lab)).DeliveryStreamEncryptionConfiguration
  const put = () => lab.call('PutRecord', { ...name, Record: { Data: new Uint8Array(1) } })
  assert.deepEqual(await lab.call('StartDeliveryStreamEncryption', name), {})
  assert.deepEqual(await statusOf(), { KeyType: 'AWS_OWNED_CMK', Status: 'ENABLING' })
  assert.equal((await put()).Encrypted, false)
  await lab.clock.advance(500)
  assert.deepEqual(await statusOf(), { KeyType: 'AWS_OWNED_CMK', Status: 'ENABLED' })
  assert.equal((await put()).Encrypted, true)
})

test('encryption is refused without its key, and with a key of elsewhere', async () => {
  const lab = await createLab()
  await createActive(lab)
  const key = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/1`
  for (const [given, message] of [
    [{ KeyType: 'CUSTOMER_MANAGED_CMK' }, 'KeyARN has to be specified when KeyType is CUSTOMER_MANAGED_CMK'],
    [{ KeyType: 'AWS_OWNED_CMK', KeyARN: key }, 'KeyARN cannot be specified when KeyType is AWS_OWNED_CMK'],
    [
      { KeyType: 'CUSTOMER_MANAGED_CMK', KeyARN: key },
      'Cross-region keys are not allowed for SSE. Please provide CMKs in the same region as firehose',
    ],
  ] as const)
    await assert.rejects(
      lab.call('StartDeliveryStreamEncryption', {
        ...name,
        DeliveryStreamEncryptionConfigurationInput: given,
      }),
      { code: 'InvalidArgumentException', message },
    )
})

test('only an ACTIVE delivery stream for Direct PUT is encrypted', async () => {
  await assertWantsDeliveryStream('StartDeliveryStreamEncryption')
  await assertWantsActive('StartDeliveryStreamEncryption')
  await assertWantsDirectPut(
    'StartDeliveryStreamEncryption',
    'Server side encryption from firehose is only allowed for direct put delivery streams and database as a source delivery streams',
    {},
  )
})
