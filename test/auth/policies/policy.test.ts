import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type PolicyKind, parsePolicy } from '../../../src/auth/policies/policy.ts'
import { PolicyError } from '../../../src/auth/policies/policy-error.ts'

const STATEMENT = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::lake/*' }
const FOR_ALL = { ...STATEMENT, Principal: '*' }

function faultOf(policy: unknown, kind: PolicyKind): object | undefined {
  try {
    parsePolicy(typeof policy === 'string' ? policy : JSON.stringify(policy), kind)
    return undefined
  } catch (error) {
    assert.ok(error instanceof PolicyError, String(error))
    return error.fault
  }
}
const faultOfStatement = (statement: unknown, kind: PolicyKind = 'identity') =>
  faultOf({ Version: '2012-10-17', Statement: [statement] }, kind)

test('a policy has one statement or a list of them, and perhaps a version and an id', () => {
  for (const policy of [
    { Version: '2012-10-17', Id: 'x', Statement: [STATEMENT] },
    { Version: '2008-10-17', Statement: STATEMENT },
    { Statement: [] },
    { Statement: [{ ...STATEMENT, Sid: 'a' }, { ...STATEMENT, Sid: 'b' }, STATEMENT] },
    { Statement: { ...STATEMENT, Action: '*', Resource: '*' } },
    { Statement: { Effect: 'Deny', NotAction: ['s3:*', 'iam:Get?ser'], NotResource: ['arn:aws:s3:::a'] } },
    { Statement: { ...STATEMENT, Condition: { Bool: { 'aws:SecureTransport': false } } } },
  ])
    assert.equal(faultOf(policy, 'identity'), undefined, JSON.stringify(policy))
  for (const [policy, fault] of [
    ['', { what: 'json' }],
    ['[]', { what: 'json' }],
    [' {"Statement":[]}', { what: 'json' }],
    ['{"Statement":', { what: 'json' }],
    [`{"Statement":{"Effect":${'['.repeat(60_000)}${']'.repeat(60_000)}}}`, { what: 'json' }],
    [{}, { what: 'missing', member: 'Statement' }],
    [{ Version: '2012-10-18', Statement: [] }, { what: 'version' }],
    [{ Version: { toString: [] }, Statement: [] }, { what: 'version' }],
    [{ Id: 1, Statement: [] }, { what: 'syntax' }],
    [
      { Statement: [], Extra: 1 },
      { what: 'unknown', member: 'Extra' },
    ],
    [{ Statement: 'x' }, { what: 'syntax' }],
    [{ Statement: [null] }, { what: 'syntax' }],
    [
      {
        Statement: [
          { ...STATEMENT, Sid: 'a' },
          { ...STATEMENT, Sid: 'a' },
        ],
      },
      { what: 'doubled Sid' },
    ],
  ] as const)
    assert.deepEqual(faultOf(policy, 'identity'), fault, JSON.stringify(policy))
})

test('a statement says whether it allows, and what of what', () => {
  const { Effect: _effect, ...effectless } = STATEMENT
  const { Action: _action, ...actionless } = STATEMENT
  const { Resource: _resource, ...resourceless } = STATEMENT
  for (const [statement, fault] of [
    [effectless, { what: 'missing', member: 'Effect' }],
    [
      { ...STATEMENT, Effect: 'allow' },
      { what: 'effect', value: 'allow' },
    ],
    [
      { ...STATEMENT, Effect: { toString: 1 } },
      { what: 'effect', value: '{"toString":1}' },
    ],
    [actionless, { what: 'missing', member: 'Action' }],
    [{ ...STATEMENT, NotAction: '*' }, { what: 'syntax' }],
    [{ ...STATEMENT, Action: [] }, { what: 'syntax' }],
    [
      { ...STATEMENT, Action: 'GetObject' },
      { what: 'action', value: 'GetObject' },
    ],
    [
      { ...STATEMENT, Action: 's3:' },
      { what: 'action', value: 's3:' },
    ],
    [resourceless, { what: 'missing', member: 'Resource' }],
    [
      { ...STATEMENT, Resource: 'lake' },
      { what: 'resource', value: 'lake' },
    ],
    [{ ...STATEMENT, Resource: [1] }, { what: 'syntax' }],
    [{ ...STATEMENT, Condition: [] }, { what: 'syntax' }],
    [
      { ...STATEMENT, Condition: { Strings: { 'aws:x': '' } } },
      { what: 'operator', value: 'Strings' },
    ],
    [
      { ...STATEMENT, Condition: { Bool: { x: '' } } },
      { what: 'condition key', value: 'x' },
    ],
    [{ ...STATEMENT, Condition: { Bool: { 'aws:x': {} } } }, { what: 'syntax' }],
    [
      { ...STATEMENT, effect: 'Allow' },
      { what: 'unknown', member: 'effect' },
    ],
    [FOR_ALL, { what: 'prohibited', member: 'Principal' }],
  ] as const)
    assert.deepEqual(faultOfStatement(statement), fault, JSON.stringify(statement))
})

test('the policy of a resource names principals, in the forms that IAM knows', () => {
  const { Principal: _principal, ...principalless } = FOR_ALL
  assert.deepEqual(faultOfStatement(principalless, 'resource'), { what: 'missing', member: 'Principal' })
  for (const principal of [
    '*',
    { AWS: '*' },
    { AWS: '123456789012' },
    { AWS: ['arn:aws:iam::123456789012:root', 'arn:aws:iam::123456789012:user/team/anna'] },
    { AWS: 'arn:aws:sts::123456789012:assumed-role/etl/run-1' },
    { Service: ['firehose.amazonaws.com', 'logs.us-east-1.amazonaws.com'] },
    { Federated: 'cognito-identity.amazonaws.com' },
    { CanonicalUser: '123456789012'.padStart(64, '0') },
  ])
    assert.equal(faultOfStatement({ ...FOR_ALL, Principal: principal }, 'resource'), undefined)
  for (const principal of [
    'anna',
    {},
    [],
    { AWS: 'anna' },
    { AWS: '12345' },
    { AWS: 'arn:aws:iam::123456789012:user/*' },
    { AWS: 'arn:aws:s3:::lake' },
    { Service: 'firehose' },
    { Nobody: 'x' },
    { AWS: [1] },
  ])
    assert.match(
      JSON.stringify(faultOfStatement({ ...FOR_ALL, Principal: principal }, 'resource')),
      /"what":"principal"/,
    )
})

test("a role's trust names principals and no resources", () => {
  const trust = {
    Effect: 'Allow',
    Action: 'sts:AssumeRole',
    Principal: { Service: 'firehose.amazonaws.com' },
  }
  assert.equal(faultOfStatement(trust, 'trust'), undefined)
  assert.deepEqual(faultOfStatement({ ...trust, Resource: '*' }, 'trust'), {
    what: 'prohibited',
    member: 'Resource',
  })
})

test('whatever a policy is said to be, it is read or has a fault that is named', () => {
  const texts = fc.constantFrom('Allow', 's3:*', '*', 'arn:aws:s3:::a', '2012-10-17', '${', '', '__proto__')
  const leaf = fc.oneof(texts, fc.integer(), fc.constant(null), fc.boolean())
  const member = fc.constantFrom(
    ...['Version', 'Id', 'Statement', 'Sid', 'Effect', 'Action', 'Resource', 'Principal', 'Condition', 'AWS'],
    ...['StringEquals', 'aws:x', '__proto__', 'toString'],
  )
  const { json } = fc.letrec((tie) => ({
    json: fc.oneof({ maxDepth: 5 }, leaf, fc.array(tie('json'), { maxLength: 3 }), tie('object')),
    object: fc.dictionary(member, tie('json'), { maxKeys: 5 }),
  }))
  const kind = fc.constantFrom<PolicyKind>('identity', 'resource', 'trust')
  fc.assert(
    fc.property(json, kind, (policy, of) => void faultOf(policy, of)),
    { numRuns: 2_000 },
  )
})
