import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Policy, parsePolicy } from '../../../src/auth/policies/policy.ts'
import { isPossible } from '../../../src/auth/policies/possible.ts'

const policy = (...statements: readonly object[]): Policy =>
  parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statements }), 'identity')
const allow = (Action: string | string[], more: object = {}) => ({
  Effect: 'Allow',
  Action,
  Resource: '*',
  ...more,
})
const deny = (Action: string | string[], more: object = {}) => ({
  Effect: 'Deny',
  Action,
  Resource: '*',
  ...more,
})
const ON_ONE = { Resource: 'arn:aws:kinesis:us-east-1:000000000000:stream/clicks' }
const FROM_HERE = { Condition: { IpAddress: { 'aws:SourceIp': '127.0.0.1' } } }

test('an action is possible when anything of it is left', () => {
  const cases: readonly (readonly [boolean, Parameters<typeof isPossible>[0]])[] = [
    [false, { identity: [] }],
    [true, { identity: [policy(allow('*'))] }],
    [true, { identity: [policy(allow('kinesis:put*'))] }],
    [true, { identity: [policy(allow('kinesis:PutRecord', ON_ONE))] }],
    [true, { identity: [policy(allow('kinesis:PutRecord', FROM_HERE))] }],
    [false, { identity: [policy(allow('kinesis:Get*'))] }],
    [true, { identity: [policy({ Effect: 'Allow', NotAction: 's3:*', Resource: '*' })] }],
    [false, { identity: [policy({ Effect: 'Allow', NotAction: 'kinesis:*', Resource: '*' })] }],
    [false, { identity: [policy(allow('*'), deny('kinesis:Put*'))] }],
    [true, { identity: [policy(allow('*'), deny('kinesis:Put*', ON_ONE))] }],
    [true, { identity: [policy(allow('*'), deny('kinesis:Put*', FROM_HERE))] }],
    [false, { identity: [policy(allow('*'))], session: [policy(allow('s3:*'))] }],
    [true, { identity: [policy(allow('*'))], session: [policy(allow('s3:*')), policy(allow('kinesis:*'))] }],
    [false, { identity: [policy(allow('*'))], boundary: policy(allow('s3:*')) }],
    [false, { identity: [policy(allow('*'))], boundary: policy(allow('*'), deny('kinesis:*')) }],
  ]
  for (const [index, [expected, policies]] of cases.entries())
    assert.equal(isPossible(policies, 'kinesis:PutRecord'), expected, `case ${index}`)
})
