import type { Access, Denial } from '../service/access.ts'
import { formatArn, parseArn } from '../service/arn.ts'
import type { Principal } from '../service/principal.ts'
import { judgeAccess } from './authority.ts'
import type { Role, Roles } from './credentials.ts'
import { type Asked, allowsService } from './policies/evaluate.ts'
import { createKnownPolicies } from './policies/known-policies.ts'
import { keyValuesOf, principalKeysOf, tagKeysOf, timeKeysOf } from './request-keys.ts'

/** A service of AWS's that does something in its customer's name, by a role of theirs. */
export interface Assumer {
  readonly roleArn: string
  /** `firehose.amazonaws.com`. */
  readonly service: string
  /** What it does that for, and whose that is. */
  readonly sourceArn: string
  readonly account: string
  readonly region: string
}

/** What services may do by the roles that they were given. */
export interface ServiceRoles {
  /** Whether there is such a role and it trusts the service. */
  mayAssume(assumer: Assumer): Promise<boolean>
  /** `cannot assume`: there is no such role, or it does not trust the service. Undefined: it may be done. */
  judge(assumer: Assumer, access: Access): Promise<Denial | 'cannot assume' | undefined>
}

export function createServiceRoles({
  roles,
  now,
}: {
  readonly roles: Roles
  /** The machine's time. */
  readonly now: () => number
}): ServiceRoles {
  const known = createKnownPolicies()
  async function assumed(assumer: Assumer): Promise<Role | undefined> {
    const role = await roles.roleOf(assumer.roleArn)
    return role && allowsService(known(role.trust, 'trust'), assumption(assumer, now())) ? role : undefined
  }
  return {
    mayAssume: async (assumer) => (await assumed(assumer)) !== undefined,
    async judge(assumer, access) {
      const role = await assumed(assumer)
      const principal = role && sessionOf(assumer, role)
      if (!principal) return 'cannot assume'
      const keys = () => [
        { 'aws:RequestedRegion': assumer.region, 'aws:SecureTransport': 'true' },
        timeKeysOf(now()),
        principalKeysOf(principal),
        { 'aws:PrincipalArn': assumer.roleArn, 'aws:ViaAWSService': 'false' },
        tagKeysOf('aws:PrincipalTag', role.tags),
      ]
      const given = {
        identity: role.policies,
        ...(role.boundary !== undefined && { boundary: role.boundary }),
      }
      return judgeAccess({ known, given, principal }, access, keys)
    },
  }
}

/** Firehose says for whom it asks, so that a role can see that it is not abused for somebody else's. */
function assumption({ roleArn, service, sourceArn, account, region }: Assumer, now: number): Asked {
  const keys = {
    'sts:ExternalId': account,
    'aws:SourceArn': sourceArn,
    'aws:SourceAccount': account,
    'aws:RequestedRegion': region,
  }
  return {
    principal: { kind: 'anonymous', account: '', arn: '', userId: service, accessKeyId: '' },
    service,
    action: 'sts:AssumeRole',
    resource: roleArn,
    account,
    keys: keyValuesOf(() => [keys, timeKeysOf(now)]),
  }
}

/** The session in which the service works; undefined for what is no role's ARN. */
function sessionOf({ roleArn, service }: Assumer, { roleId }: Role): Principal | undefined {
  const arn = parseArn(roleArn)
  const roleName = arn && /^role\/(?:.*\/)?([^/]+)$/.exec(arn.resource)?.[1]
  if (!arn || roleName === undefined) return undefined
  const session = service.split('.')[0]!
  return {
    kind: 'assumed-role',
    account: arn.account,
    arn: formatArn({ ...arn, service: 'sts', region: '', resource: `assumed-role/${roleName}/${session}` }),
    userId: `${roleId}:${session}`,
    accessKeyId: '',
  }
}
