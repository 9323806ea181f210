import { passRole } from '../auth/pass-role.ts'
import { tagKeysOf, tagRequestKeysOf } from '../auth/request-keys.ts'
import type { Access } from '../service/access.ts'
import type { Admission, Caller } from '../service/operation.ts'
import { roleNotAssumable } from './exceptions.ts'
import type { Firehose } from './firehose.ts'
import { arnOf, deliveryStreamDocument, streamKeyOf } from './streams/delivery-stream.ts'

/** Who assumes the roles that delivery streams are given. */
export const FIREHOSE = 'firehose.amazonaws.com'

/**
 * Calls do to the delivery stream that they name what they are called, and hand over the roles that they name.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonkinesisfirehose.html
 */
export async function accessesOf(
  { metadata }: Pick<Firehose, 'metadata'>,
  {
    operation,
    input,
    caller: { account, region },
  }: Pick<Admission<Firehose>, 'input' | 'caller'> & {
    readonly operation: { readonly name: string }
  },
): Promise<readonly Access[]> {
  const { DeliveryStreamName } = input
  const name = { account, region, name: String(DeliveryStreamName) }
  const stream = (await deliveryStreamDocument.getUndamaged(metadata, streamKeyOf(name)))?.value
  const access = {
    action: `firehose:${operation.name}`,
    resource: arnOf(name),
    account,
    keys: { ...tagKeysOf('aws:ResourceTag', stream?.tags), ...tagRequestKeysOf(input) },
  }
  return [access, ...rolesIn(input).map((roleArn) => passRole(roleArn, FIREHOSE))]
}

/** Every role that a request names, wherever in it. */
function rolesIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return []
  const found = Object.entries(value).flatMap(([member, inner]) =>
    member === 'RoleARN' && typeof inner === 'string' ? [inner] : rolesIn(inner),
  )
  return [...new Set(found)]
}

/** Throws InvalidArgumentException unless Firehose may work by every role that a request names. */
export async function checkRoles(
  { mayAssume }: Pick<Firehose, 'mayAssume'>,
  input: { readonly DeliveryStreamName: string },
  { account, region }: Pick<Caller, 'account' | 'region'>,
): Promise<void> {
  const sourceArn = arnOf({ account, region, name: input.DeliveryStreamName })
  for (const roleArn of rolesIn(input))
    if (!(await mayAssume({ roleArn, service: FIREHOSE, sourceArn, account, region })))
      throw roleNotAssumable(roleArn)
}
