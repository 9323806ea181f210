import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertWantsActive, assertWantsStream } from './stream-refusals.ts'
import { StreamARN, StreamName, textsOf, withStream } from './with-stream.ts'

const KEY = { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' }

test('what is put after the encryption was stopped is put plain, and what was put before is still read', async () => {
  const { call, put, read, summary } = await withStream()
  await call('StartStreamEncryption', { StreamName, ...KEY })
  await put('1')
  assert.deepEqual(await call('StopStreamEncryption', { StreamARN, ...KEY }), {})
  const { EncryptionType, KeyId } = await summary()
  assert.deepEqual([EncryptionType, KeyId], ['NONE', undefined])
  assert.equal((await put('2')).EncryptionType, undefined)
  const { Records } = await read()
  assert.deepEqual(textsOf(Records), ['1', '2'])
  assert.equal(Records[0].EncryptionType, 'KMS')
})

test('StopStreamEncryption wants a stream that is ACTIVE, and a KMS key', async () => {
  await assertWantsStream('StopStreamEncryption', KEY)
  await assertWantsActive('StopStreamEncryption', { StreamName, ...KEY })
  const { refused } = await withStream()
  for (const [wrong, message] of [
    [{ EncryptionType: 'NONE' }, 'EncryptionType must be KMS.'],
    [{ KeyId: 'a b' }, 'KeyId a b is not an ID, ARN or alias of a KMS key.'],
  ] as const)
    assert.deepEqual(await refused('StopStreamEncryption', { StreamName, ...KEY, ...wrong }), {
      code: 'InvalidArgumentException',
      message,
    })
})
