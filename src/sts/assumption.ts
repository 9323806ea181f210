import { tagRequestKeysOf } from '../auth/request-keys.ts'
import type { Caller } from '../service/operation.ts'
import { notAuthorized, rootMayNotAssume } from './exceptions.ts'
import type { AssumableRole } from './sts.ts'

interface Assumption {
  readonly RoleArn: string
  readonly RoleSessionName: string
  readonly ExternalId?: string | undefined
  readonly Tags?: readonly { readonly Key: string; readonly Value: string }[] | undefined
}

/**
 * Throws AccessDenied unless the role trusts the caller, and the caller's own policies allow it where the role does not
 * name the caller itself. In open mode whoever asks may assume any role, whether somebody made it or not.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_permissions-to-switch.html
 */
export async function checkAssumption(
  role: AssumableRole | undefined,
  { RoleArn, RoleSessionName, ExternalId, Tags = [] }: Assumption,
  { judge, principal }: Caller,
): Promise<void> {
  if (!judge) return
  if (principal.kind === 'root') throw rootMayNotAssume()
  const access = {
    resource: RoleArn,
    account: RoleArn.split(':')[4] ?? '',
    policy: role?.trust,
    keys: {
      'sts:ExternalId': ExternalId,
      'sts:RoleSessionName': RoleSessionName,
      ...tagRequestKeysOf(Tags.length > 0 ? { Tags } : {}),
    },
  }
  // Tags of the session count as its principal's: who may set them may be whoever they grant something to.
  const actions = Tags.length > 0 ? ['sts:AssumeRole', 'sts:TagSession'] : ['sts:AssumeRole']
  for (const action of actions)
    if ((await judge({ action, ...access })) || !role)
      throw notAuthorized(principal.arn, { action, resource: RoleArn })
}
