// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how policies write variables.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createAuthority } from '../../src/auth/authority.ts'
import type { PrincipalPolicies } from '../../src/auth/credentials.ts'
import type { Access } from '../../src/service/access.ts'
import type { Caller } from '../../src/service/operation.ts'
import { callerOf } from '../caller.ts'
import { ACCOUNT, allow, deny, OTHER_ACCOUNT, policyOf, usersOf } from './users.ts'

const ACCESS: Access = { action: 's3:GetObject', resource: 'arn:aws:s3:::lake/a', account: ACCOUNT }
const authorityOf = (policies: () => PrincipalPolicies) =>
  createAuthority({ credentials: { policiesOf: policies }, now: () => 0 })
const { user } = usersOf()
const anna = user('anna')

test('what is taken away counts from the next request, and within one nothing changes', async () => {
  let given: PrincipalPolicies = { identity: [policyOf(allow('*'))] }
  const authority = authorityOf(() => given)
  const judge = authority.judgeFor(anna)
  assert.equal(await judge(ACCESS), undefined)
  given = { identity: [] }
  assert.equal(await judge(ACCESS), undefined)
  assert.match((await authority.judgeFor(anna)(ACCESS))?.message ?? '', /no identity-based policy/)
})

test('a boundary and session policies are asked', async () => {
  const whyOf = async (given: Omit<PrincipalPolicies, 'identity'>) => {
    const authority = authorityOf(() => ({ identity: [policyOf(allow('*'))], ...given }))
    return (await authority.judgeFor(anna)(ACCESS))?.message.replace(/^.*" /, '')
  }
  assert.equal(await whyOf({}), undefined)
  assert.equal(
    await whyOf({ boundary: policyOf() }),
    'because no permissions boundary allows the s3:GetObject action',
  )
  assert.equal(
    await whyOf({ session: [policyOf()] }),
    'because no session policy allows the s3:GetObject action',
  )
  assert.equal(await whyOf({ session: [policyOf(allow('s3:*'))], boundary: policyOf(allow('*')) }), undefined)
})

test("tags of the principal fill in what policies leave open, and are conditions' keys", async () => {
  const statement = allow('s3:GetObject', 'arn:aws:s3:::lake/${aws:PrincipalTag/team}/*', {
    Condition: { StringEquals: { 'aws:PrincipalTag/level': '3' } },
  })
  const access = { ...ACCESS, resource: 'arn:aws:s3:::lake/data/x' }
  const judged = async (tags: Record<string, string>) =>
    await authorityOf(() => ({ identity: [policyOf(statement)], tags })).judgeFor(anna)(access)
  assert.equal(await judged({ team: 'data', level: '3' }), undefined)
  assert.ok(await judged({ team: 'data' }))
  assert.ok(await judged({ team: 'other', level: '3' }))
})

test('a policy that cannot be read denies everything, but that the root user replaces it', async () => {
  const authority = authorityOf(() => ({ identity: [policyOf(allow('*'))] }))
  const access = { ...ACCESS, policy: '{"Statement":[{"Effect":"Perhaps"}]}' }
  const root = callerOf()
  for (const caller of [anna, root]) assert.ok(await authority.judgeFor(caller)(access))
  const replacing = { ...access, action: 's3:PutBucketPolicy', resource: 'arn:aws:s3:::lake' }
  assert.equal(await authority.judgeFor(root)(replacing), undefined)
  assert.ok(await authority.judgeFor(anna)(replacing))
  const unread = authorityOf(() => ({ identity: [policyOf(allow('*')), 'nonsense'] }))
  assert.ok(await unread.judgeFor(anna)(ACCESS))
})

test('a role is assumed by its trust, which is read as one', async () => {
  const trust = policyOf({
    Effect: 'Allow',
    Action: 'sts:AssumeRole',
    Principal: { AWS: anna.principal.arn },
  })
  const access = { action: 'sts:AssumeRole', resource: `arn:aws:iam::${ACCOUNT}:role/etl`, account: ACCOUNT }
  const judge = authorityOf(() => ({ identity: [] })).judgeFor(anna)
  assert.equal(await judge({ ...access, policy: trust }), undefined)
  assert.ok(await authorityOf(() => ({ identity: [policyOf(allow('*'))] })).judgeFor(anna)(access))
})

test('the root user has nothing but its own account, and nobody has nothing', async () => {
  const authority = authorityOf(() => assert.fail('nobody is asked for their policies'))
  const { nobody } = usersOf()
  const isAllowed = async (caller: Caller, access = ACCESS) => !(await authority.judgeFor(caller)(access))
  assert.ok(await isAllowed(callerOf()))
  assert.ok(!(await isAllowed(callerOf({ account: OTHER_ACCOUNT }))))
  assert.ok(!(await isAllowed(nobody())))
  const denying = { ...ACCESS, policy: policyOf(deny('s3:*', '*', { Principal: '*' })) }
  assert.ok(!(await isAllowed(callerOf(), denying)))
})
