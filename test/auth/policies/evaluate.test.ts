// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how policies write variables.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { denialText } from '../../../src/auth/policies/denial.ts'
import { type Applying, evaluate, type PolicyType } from '../../../src/auth/policies/evaluate.ts'
import { parsePolicy } from '../../../src/auth/policies/policy.ts'
import { anonymous, type Principal } from '../../../src/service/principal.ts'

const OWN = '123456789012'
const OTHER = '210987654321'
const ACTION = 's3:GetObject'
const RESOURCE = 'arn:aws:s3:::lake/raw/1'

const root: Principal = {
  ...{ kind: 'root', account: OWN, userId: OWN, accessKeyId: '' },
  arn: `arn:aws:iam::${OWN}:root`,
}
const anna: Principal = {
  ...{ kind: 'user', account: OWN, userId: 'AIDA1', accessKeyId: '' },
  arn: `arn:aws:iam::${OWN}:user/team/anna`,
}
const session: Principal = {
  ...{ kind: 'assumed-role', account: OWN, userId: 'AROA1:run', accessKeyId: '' },
  arn: `arn:aws:sts::${OWN}:assumed-role/etl/run`,
}
const foreigner: Principal = { ...anna, account: OTHER, arn: `arn:aws:iam::${OTHER}:user/bob` }
const ROLE = `arn:aws:iam::${OWN}:role/service-role/etl`

const allow = (more: object = {}) => ({ Effect: 'Allow', Action: ACTION, Resource: '*', ...more })
const deny = (more: object = {}) => ({ ...allow(more), Effect: 'Deny' })
const identity = (...Statement: object[]) =>
  parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement }), 'identity')
const resource = (...Statement: object[]) =>
  parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement }), 'resource')
const forAws = (AWS: string) => resource(allow({ Principal: { AWS } }))
const forAll = resource(allow({ Principal: '*' }))

const NONE: Applying = { identity: [] }
const ALLOWED = [identity(allow())]
const ask = (
  principal: Principal,
  policies: Partial<Applying>,
  keys: Record<string, string[]> = {},
  asked: { action?: string; resource?: string } = {},
) =>
  evaluate(
    { ...NONE, ...policies },
    {
      principal,
      action: ACTION,
      resource: RESOURCE,
      account: OWN,
      keys: new Map(Object.entries(keys)),
      ...asked,
    },
  )

const implicit = (by: PolicyType) => ({ by, isExplicit: false })
const explicit = (by: PolicyType) => ({ by, isExplicit: true })

test('what no policy allows is refused, what one denies is refused whatever allows it', () => {
  assert.deepEqual(ask(anna, {}), implicit('identity-based'))
  assert.equal(ask(anna, { identity: ALLOWED }), undefined)
  assert.deepEqual(ask(anna, { identity: [...ALLOWED, identity(deny())] }), explicit('identity-based'))
  assert.deepEqual(
    ask(anna, { identity: ALLOWED, resource: resource(deny({ Principal: '*' })) }),
    explicit('resource-based'),
  )
  assert.deepEqual(
    ask(anna, { identity: ALLOWED, boundary: identity(allow(), deny()) }),
    explicit('permissions boundary'),
  )
  assert.deepEqual(ask(session, { identity: ALLOWED, session: [identity(deny())] }), explicit('session'))
})

test('the root user may do all in its account, unless the resource denies it', () => {
  assert.equal(ask(root, {}), undefined)
  assert.deepEqual(ask(root, { resource: resource(deny({ Principal: '*' })) }), explicit('resource-based'))
  assert.deepEqual(ask({ ...root, account: OTHER }, {}), implicit('resource-based'))
})

test('within an account the policies of either side are enough', () => {
  for (const [who, policy, refusal] of [
    [anna, forAws(anna.arn), undefined],
    [anna, forAll, undefined],
    [anna, forAws(OWN), implicit('identity-based')],
    [anna, forAws(`arn:aws:iam::${OWN}:root`), implicit('identity-based')],
    [anna, forAws(`arn:aws:iam::${OWN}:user/anna`), implicit('identity-based')],
    [session, forAws(ROLE), undefined],
    [session, forAws(session.arn), undefined],
    [session, forAws(ROLE.replace('etl', 'other')), implicit('identity-based')],
    [session, forAws(ROLE.replace(OWN, OTHER)), implicit('identity-based')],
  ] as const)
    assert.deepEqual(ask(who, { resource: policy }), refusal)
})

test('over accounts both sides have to allow it', () => {
  for (const [policies, refusal] of [
    [{ identity: ALLOWED }, implicit('resource-based')],
    [{ resource: forAws(OTHER) }, implicit('identity-based')],
    [{ identity: ALLOWED, resource: forAws(OTHER) }, undefined],
    [{ identity: ALLOWED, resource: forAws(foreigner.arn) }, undefined],
    [{ identity: ALLOWED, resource: forAll }, undefined],
    [{ identity: ALLOWED, resource: forAws(OWN) }, implicit('resource-based')],
    [{ resource: forAws(foreigner.arn) }, implicit('identity-based')],
  ] as const)
    assert.deepEqual(ask(foreigner, policies), refusal)
  assert.equal(
    ask({ ...root, account: OTHER, arn: `arn:aws:iam::${OTHER}:root` }, { resource: forAws(OTHER) }),
    undefined,
  )
})

test('a boundary and the policies of a session let through what they allow too', () => {
  const empty = identity()
  assert.deepEqual(ask(anna, { identity: ALLOWED, boundary: empty }), implicit('permissions boundary'))
  assert.equal(ask(anna, { identity: ALLOWED, boundary: identity(allow()) }), undefined)
  assert.deepEqual(ask(anna, { boundary: identity(allow()) }), implicit('identity-based'))
  assert.deepEqual(ask(session, { identity: ALLOWED, session: [empty] }), implicit('session'))
  assert.equal(ask(session, { identity: ALLOWED, session: [empty, identity(allow())] }), undefined)
  assert.deepEqual(ask(session, { identity: [], session: ALLOWED }), implicit('identity-based'))
})

test("a resource's policy reaches past a boundary for whom it names, and for a role as far as its session", () => {
  const limits = { boundary: identity(), session: [identity()] }
  assert.equal(ask(anna, { boundary: identity(), resource: forAws(anna.arn) }), undefined)
  assert.equal(ask(session, { ...limits, resource: forAws(session.arn) }), undefined)
  assert.deepEqual(ask(session, { ...limits, resource: forAws(ROLE) }), implicit('permissions boundary'))
  assert.deepEqual(ask(session, { session: [identity()], resource: forAws(ROLE) }), implicit('session'))
  assert.deepEqual(ask(anna, { boundary: identity(), resource: forAll }), implicit('permissions boundary'))
})

test("a role is assumed by whom its trust lets, and an account's own users need leave besides", () => {
  const trust = (AWS: string) =>
    parsePolicy(JSON.stringify({ Statement: [{ ...ASSUME, Principal: { AWS } }] }), 'trust')
  const assume = (who: Principal, policies: Partial<Applying>) =>
    evaluate(
      { ...NONE, ...policies },
      {
        principal: who,
        action: 'sts:AssumeRole',
        resource: ROLE,
        account: OWN,
        keys: new Map(),
        isTrust: true,
      },
    )
  const ASSUME = { Effect: 'Allow', Action: 'sts:AssumeRole' }
  const leave = [identity({ ...ASSUME, Resource: ROLE })]
  assert.deepEqual(assume(anna, { identity: leave }), implicit('resource-based'))
  assert.deepEqual(assume(root, {}), implicit('resource-based'))
  assert.deepEqual(assume(anna, { resource: trust(OWN) }), implicit('identity-based'))
  assert.equal(assume(anna, { resource: trust(OWN), identity: leave }), undefined)
  assert.equal(assume(anna, { resource: trust(anna.arn) }), undefined)
  assert.deepEqual(assume(foreigner, { resource: trust(OTHER) }), implicit('identity-based'))
  assert.equal(assume(foreigner, { resource: trust(OTHER), identity: leave }), undefined)
})

test('nobody gets what everybody gets', () => {
  assert.deepEqual(ask(anonymous, {}), implicit('resource-based'))
  assert.equal(ask(anonymous, { resource: forAll }), undefined)
  assert.deepEqual(ask(anonymous, { resource: forAws(OWN) }), implicit('resource-based'))
  assert.deepEqual(
    ask(anonymous, { resource: resource(allow({ Principal: '*' }), deny({ Principal: '*' })) }),
    explicit('resource-based'),
  )
})

test('an exception from the principals is everybody else', () => {
  const others = resource(allow({ Principal: '*' }), deny({ NotPrincipal: { AWS: [anna.arn] } }))
  assert.equal(ask(anna, { resource: others }), undefined)
  assert.deepEqual(ask(session, { resource: others }), explicit('resource-based'))
})

test('an account or a role that is excepted from a denial does not except its users and sessions', () => {
  const denyBut = (...AWS: string[]) => ({
    statements: [...forAll.statements, ...resource(deny({ NotPrincipal: { AWS } })).statements],
  })
  assert.deepEqual(ask(anna, { resource: denyBut(OWN) }), explicit('resource-based'))
  assert.equal(ask(root, { resource: denyBut(OWN) }), undefined)
  assert.equal(ask(anna, { resource: denyBut(OWN, anna.arn) }), undefined)
  assert.deepEqual(ask(session, { resource: denyBut(OWN, ROLE) }), explicit('resource-based'))
  assert.equal(ask(session, { resource: denyBut(OWN, ROLE, session.arn) }), undefined)
  const allowBut = resource(allow({ NotPrincipal: { AWS: OWN } }))
  assert.deepEqual(ask(anna, { resource: allowBut }), implicit('identity-based'))
})

test('actions are named without their case, resources with it, and both by exception', () => {
  const asked = (statement: object, action: string, resource = RESOURCE) =>
    ask(anna, { identity: [identity(statement)] }, {}, { action, resource }) === undefined
  assert.ok(asked(allow({ Action: 'S3:getobject' }), ACTION))
  assert.ok(asked(allow({ Action: 's3:Get*' }), 's3:GetObjectTagging'))
  assert.ok(!asked(allow({ Action: 's3:Get*' }), 's3:PutObject'))
  assert.ok(!asked(allow({ Resource: 'arn:aws:s3:::LAKE/*' }), ACTION))
  assert.ok(asked({ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }, ACTION))
  assert.ok(!asked({ Effect: 'Allow', NotAction: 's3:*', Resource: '*' }, ACTION))
  assert.ok(asked({ Effect: 'Allow', Action: '*', NotResource: 'arn:aws:s3:::other/*' }, ACTION))
  assert.ok(!asked({ Effect: 'Allow', Action: '*', NotResource: 'arn:aws:s3:::lake/*' }, ACTION))
})

test('a home folder is named by a variable', () => {
  const home = { identity: [identity(allow({ Resource: 'arn:aws:s3:::lake/${aws:username}/*' }))] }
  const asked = { resource: 'arn:aws:s3:::lake/anna/x' }
  assert.equal(ask(anna, home, { 'aws:username': ['anna'] }, asked), undefined)
  assert.deepEqual(ask(anna, home, { 'aws:username': ['bob'] }, asked), implicit('identity-based'))
  assert.deepEqual(ask(anna, home, {}, asked), implicit('identity-based'))
})

test('an exception by a variable that nobody set gives nothing, and takes everything', () => {
  const except = { Action: '*', NotResource: 'arn:aws:s3:::lake/${aws:username}/*' }
  const elsewhere = { resource: 'arn:aws:s3:::lake/bob/x' }
  const allowing = { identity: [identity({ ...except, Effect: 'Allow' })] }
  const denying = { identity: [identity(allow({})), identity({ ...except, Effect: 'Deny' })] }
  assert.equal(ask(anna, allowing, { 'aws:username': ['anna'] }, elsewhere), undefined)
  assert.deepEqual(ask(anna, allowing, {}, elsewhere), implicit('identity-based'))
  assert.deepEqual(ask(anna, denying, {}, elsewhere), explicit('identity-based'))
})

test('conditions hold together, keys of one operator too', () => {
  const limited = {
    identity: [
      identity(
        allow({
          Condition: {
            IpAddress: { 'aws:SourceIp': ['10.0.0.0/8', '127.0.0.1'] },
            StringEquals: { 'aws:RequestedRegion': 'eu-west-1', 'aws:PrincipalTag/team': 'data' },
          },
        }),
      ),
    ],
  }
  const keys = {
    'aws:sourceip': ['10.1.1.1'],
    'aws:requestedregion': ['eu-west-1'],
    'aws:principaltag/team': ['data'],
  }
  assert.equal(ask(anna, limited, keys), undefined)
  for (const key of Object.keys(keys))
    assert.deepEqual(ask(anna, limited, { ...keys, [key]: ['x'] }), implicit('identity-based'), key)
})

test('a denial names who, what, of what and why', () => {
  const text = (by: PolicyType, isExplicit: boolean) =>
    denialText({ by, isExplicit }, { principal: anna }, { action: ACTION, resource: RESOURCE }).replace(
      `User: ${anna.arn} is not authorized to perform: ${ACTION} on resource: "${RESOURCE}" `,
      '',
    )
  assert.equal(
    text('identity-based', false),
    'because no identity-based policy allows the s3:GetObject action',
  )
  assert.equal(text('identity-based', true), 'with an explicit deny in an identity-based policy')
  assert.equal(
    text('resource-based', false),
    'because no resource-based policy allows the s3:GetObject action',
  )
  assert.equal(text('resource-based', true), 'with an explicit deny in a resource-based policy')
  assert.equal(
    text('permissions boundary', false),
    'because no permissions boundary allows the s3:GetObject action',
  )
  assert.equal(text('permissions boundary', true), 'with an explicit deny in a permissions boundary')
  assert.equal(text('session', false), 'because no session policy allows the s3:GetObject action')
  assert.equal(text('session', true), 'with an explicit deny in a session policy')
  const stream = {
    action: 'kinesis:PutRecord',
    resource: 'arn:aws:kinesis:us-east-1:123456789012:stream/orders',
  }
  assert.equal(
    denialText({ by: 'identity-based', isExplicit: false }, { principal: anna }, stream),
    `User: ${anna.arn} is not authorized to perform: kinesis:PutRecord on resource: ${stream.resource} because no identity-based policy allows the kinesis:PutRecord action`,
  )
})

test('another Deny never allows more, another Allow never less', () => {
  const principal = fc.constantFrom(root, anna, session, foreigner, anonymous)
  const action = fc.constantFrom(ACTION, 's3:*', '*', 's3:PutObject')
  const where = fc.constantFrom('*', 'arn:aws:s3:::lake/*', 'arn:aws:s3:::other/*')
  const statement = fc.record({
    Effect: fc.constantFrom('Allow', 'Deny'),
    Action: action,
    Resource: where,
  })
  const whom = fc.constantFrom<unknown>('*', { AWS: OWN }, { AWS: anna.arn }, { AWS: ROLE }, { AWS: OTHER })
  const statements = fc.array(statement, { maxLength: 3 })
  const forSomebody = fc.array(
    fc.tuple(statement, whom).map(([one, Principal]) => ({ ...one, Principal })),
    { maxLength: 3 },
  )
  fc.assert(
    fc.property(principal, statements, forSomebody, statement, (who, own, of, more) => {
      const before = ask(who, { identity: [identity(...own)], resource: resource(...of) })
      const after = ask(who, { identity: [identity(...own, more)], resource: resource(...of) })
      if (more.Effect === 'Deny') assert.ok(before === undefined || after !== undefined)
      else assert.ok(before !== undefined || after === undefined)
      const all = resource(...of, { ...more, Principal: '*' })
      const open = ask(who, { identity: [identity(...own)], resource: all })
      if (more.Effect === 'Deny') assert.ok(before === undefined || open !== undefined)
      else assert.ok(before !== undefined || open === undefined)
    }),
    { numRuns: 1_000 },
  )
})
