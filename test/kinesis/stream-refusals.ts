import assert from 'node:assert/strict'
import { boundKinesis, CALLER } from './bound-kinesis.ts'
import { StreamARN, StreamName, withStream } from './with-stream.ts'

/** Asserts what an operation on a stream answers that names none, two, or one that is not there; `rest` is right. */
export async function assertWantsStream(operation: string, rest: object = {}): Promise<void> {
  const { refused } = await withStream()
  assert.deepEqual(await refused(operation, rest), {
    code: 'InvalidArgumentException',
    message: 'Either StreamName or StreamARN should be provided.',
  })
  const other = { StreamName: 'other', StreamARN, ...rest }
  assert.deepEqual(await refused(operation, other), {
    code: 'InvalidArgumentException',
    message: `StreamName other and StreamARN ${StreamARN} do not name the same stream.`,
  })
  for (const named of [{ StreamName: 'nothing' }, { StreamARN: StreamARN.replace('orders', 'nothing') }])
    assert.deepEqual(await refused(operation, { ...named, ...rest }), {
      code: 'ResourceNotFoundException',
      message: 'Stream nothing under account 123456789012 not found.',
    })
  assert.deepEqual(await refused(operation, { StreamARN, ...rest }, ELSEWHERE), NOT_HERE)
}

/** Where there is nothing of what the tests make, whatever an ARN says. */
const ELSEWHERE = { ...CALLER, region: 'us-east-1' }
const NOT_HERE = {
  code: 'ResourceNotFoundException',
  message: 'Stream orders under account 123456789012 not found.',
}

/** The same for an operation that takes an ARN only. */
export async function assertWantsStreamArn(operation: string, rest: object = {}): Promise<void> {
  const { refused } = await withStream()
  const nothing = StreamARN.replace('orders', 'nothing')
  assert.deepEqual(await refused(operation, { StreamARN: nothing, ...rest }), {
    code: 'ResourceNotFoundException',
    message: 'Stream nothing under account 123456789012 not found.',
  })
  assert.deepEqual(await refused(operation, { StreamARN: 'orders', ...rest }), {
    code: 'ValidationException',
    message:
      "1 validation error detected: Value 'orders' at 'streamARN' failed to satisfy constraint: Member must satisfy " +
      'regular expression pattern: arn:aws.*:kinesis:.*:\\d{12}:stream/\\S+',
  })
  assert.deepEqual(await refused(operation, { StreamARN, ...rest }, ELSEWHERE), NOT_HERE)
}

/** Asserts what an operation answers that changes a stream, while that is CREATING. */
export async function assertWantsActive(operation: string, rest: object = {}): Promise<void> {
  const { call, refused } = boundKinesis({ stateDelayMs: 500 })
  await call('CreateStream', { StreamName, ShardCount: 2 })
  assert.deepEqual(await refused(operation, rest), {
    code: 'ResourceInUseException',
    message: 'Stream orders under account 123456789012 not ACTIVE, instead in state CREATING',
  })
}
