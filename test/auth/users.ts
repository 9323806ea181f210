import { createAuthority } from '../../src/auth/authority.ts'
import type { Credentials, PrincipalPolicies } from '../../src/auth/credentials.ts'
import type { Authority } from '../../src/service/authorize.ts'
import type { Caller } from '../../src/service/operation.ts'
import { anonymous, type Principal } from '../../src/service/principal.ts'
import { callerOf } from '../caller.ts'

export const ACCOUNT = '123456789012'
export const OTHER_ACCOUNT = '210987654321'

export const allow = (Action: string | string[], Resource: string | string[] = '*', more: object = {}) => ({
  ...{ Effect: 'Allow', Action, Resource },
  ...more,
})
export const deny = (...args: Parameters<typeof allow>) => ({ ...allow(...args), Effect: 'Deny' })
export const policyOf = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement })

/** Users with what their policies allow, as an authority knows them; `now` is a time that stands still. */
export function usersOf(now = 0) {
  const policies = new Map<string, PrincipalPolicies>()
  const credentials: Credentials = {
    find: (accessKeyId) => ({ accessKeyId, secretAccessKey: '', isActive: true, principal: anonymous }),
    policiesOf: ({ arn }) => policies.get(arn) ?? { identity: [] },
  }
  const authority: Authority = createAuthority({ credentials, now: () => now })
  const userOf = (account: string, name: string): Principal => ({
    ...{ kind: 'user', account, userId: `AIDA${name.toUpperCase()}`, accessKeyId: 'AKIA' },
    arn: `arn:aws:iam::${account}:user/${name}`,
  })
  return {
    authority,
    credentials,
    /** A caller whose policy has these statements. */
    user(name: string, statements: readonly object[] = [], known: Partial<Caller> = {}): Caller {
      const { account = ACCOUNT } = known
      const principal = userOf(account, name)
      policies.set(principal.arn, { identity: statements.length > 0 ? [policyOf(...statements)] : [] })
      return callerOf({ region: 'eu-west-1', ...known, account, principal })
    },
    /** A caller in a session of a role. */
    session(role: string, given: PrincipalPolicies, known: Partial<Caller> = {}): Caller {
      const arn = `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/run`
      policies.set(arn, given)
      return callerOf({
        region: 'eu-west-1',
        principal: { kind: 'assumed-role', account: ACCOUNT, arn, userId: 'AROA:run', accessKeyId: 'ASIA' },
        ...known,
      })
    },
    nobody: (known: Partial<Caller> = {}): Caller =>
      callerOf({ region: 'eu-west-1', ...known, principal: anonymous }),
  }
}
