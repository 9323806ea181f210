import assert from 'node:assert/strict'
import { ACCOUNT, createActive, createLab, destination, fromStream, NAME } from './firehose-lab.ts'

/** Asserts what an operation on a delivery stream answers that names none, or one that is not there; `rest` is right. */
export async function assertWantsDeliveryStream(operation: string, rest: object = {}): Promise<void> {
  const lab = await createLab()
  await createActive(lab)
  await assert.rejects(lab.call(operation, { ...rest, DeliveryStreamName: 'nothing' }), {
    code: 'ResourceNotFoundException',
    message: `Firehose nothing under account ${ACCOUNT} not found.`,
  })
  await assert.rejects(lab.call(operation, rest), {
    code: 'ValidationException',
    message:
      "1 validation error detected: Value null at 'deliveryStreamName' failed to satisfy constraint: Member must not be null",
  })
  await assert.rejects(lab.call(operation, { ...rest, DeliveryStreamName: 'no spaces' }), {
    code: 'ValidationException',
    message:
      "1 validation error detected: Value 'no spaces' at 'deliveryStreamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
  })
}

/** Asserts what an operation that changes a delivery stream answers while that is CREATING. */
export async function assertWantsActive(operation: string, rest: object = {}): Promise<void> {
  const lab = await createLab()
  const name = { DeliveryStreamName: NAME }
  await lab.call('CreateDeliveryStream', { ...name, ...destination() })
  await assert.rejects(lab.call(operation, { ...name, ...rest }), {
    code: 'ResourceInUseException',
    message: `Firehose ${NAME} under accountId ${ACCOUNT} is CREATING`,
  })
}

/** Asserts what an operation answers that is only for delivery streams into which producers put themselves. */
export async function assertWantsDirectPut(operation: string, message: string, rest: object): Promise<void> {
  const lab = await createLab()
  lab.stream.open('shard-0')
  await createActive(lab, { ...fromStream, ...destination() })
  await assert.rejects(lab.call(operation, { DeliveryStreamName: NAME, ...rest }), {
    code: 'InvalidArgumentException',
    message,
  })
}
