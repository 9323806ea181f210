import { invalidArgument } from '../exceptions.ts'
import type { DeliveryStream, Encryption } from './delivery-stream.ts'

export interface GivenEncryption {
  readonly KeyType: Encryption['keyType']
  readonly KeyARN?: string | undefined
}

/** The encryption that a configuration asks for, or an InvalidArgumentException. Without one AWS takes its own key. */
export function encryptionOf(
  { KeyType: keyType, KeyARN: keyArn }: GivenEncryption = { KeyType: 'AWS_OWNED_CMK' },
  region: string,
  settledAt: number,
): Encryption {
  if (keyType === 'CUSTOMER_MANAGED_CMK' && keyArn === undefined)
    throw invalidArgument('KeyARN has to be specified when KeyType is CUSTOMER_MANAGED_CMK')
  if (keyType === 'AWS_OWNED_CMK' && keyArn !== undefined)
    throw invalidArgument('KeyARN cannot be specified when KeyType is AWS_OWNED_CMK')
  if (keyArn !== undefined && keyArn.split(':')[3] !== region)
    throw invalidArgument(
      'Cross-region keys are not allowed for SSE. Please provide CMKs in the same region as firehose',
    )
  return { on: true, keyType, ...(keyArn !== undefined && { keyArn }), settledAt }
}

/** Throws unless the delivery stream can be encrypted at all. */
export function checkEncryptable({ type }: Pick<DeliveryStream, 'type'>): void {
  if (type !== 'DirectPut')
    throw invalidArgument(
      'Server side encryption from firehose is only allowed for direct put delivery streams and database as a source delivery streams',
    )
}

export const isEncrypted = ({ encryption }: Pick<DeliveryStream, 'encryption'>, now: number): boolean =>
  encryption !== undefined && encryption.on === now >= encryption.settledAt

/** As DescribeDeliveryStream shows it. */
export function describeEncryption({ encryption }: Pick<DeliveryStream, 'encryption'>, now: number) {
  if (!encryption) return { Status: 'DISABLED' as const }
  const { on, keyType, keyArn, settledAt } = encryption
  const isSettled = now >= settledAt
  if (!on && isSettled) return { Status: 'DISABLED' as const }
  return {
    ...(keyArn !== undefined && { KeyARN: keyArn }),
    KeyType: keyType,
    Status: on ? (isSettled ? ('ENABLED' as const) : ('ENABLING' as const)) : ('DISABLING' as const),
  }
}
