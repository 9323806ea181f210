import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parsePolicy } from '../../../src/auth/policies/policy.ts'
import { isPublicPolicy } from '../../../src/auth/policies/public-policy.ts'

const ALL = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::lake/*' }
const isPublic = (...Statement: object[]) =>
  isPublicPolicy(parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement }), 'resource'))

test('a policy is public when it allows everybody something, and no fixed value narrows that', () => {
  for (const [statement, expected] of [
    [ALL, true],
    [{ ...ALL, Principal: { AWS: '*' } }, true],
    [{ ...ALL, Principal: { AWS: '123456789012' } }, false],
    [{ ...ALL, Principal: { Service: 'firehose.amazonaws.com' } }, false],
    [{ ...ALL, Effect: 'Deny' }, false],
    [{ ...ALL, Condition: { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } } }, false],
    [{ ...ALL, Condition: { IpAddress: { 'aws:SourceIp': ['203.0.113.0/24', '0.0.0.0/1'] } } }, true],
    [{ ...ALL, Condition: { IpAddress: { 'aws:SourceIp': '2000::/16' } } }, true],
    [{ ...ALL, Condition: { NotIpAddress: { 'aws:SourceIp': '203.0.113.0/24' } } }, true],
    [{ ...ALL, Condition: { StringEquals: { 'aws:SourceVpc': 'vpc-91237329' } } }, false],
    [{ ...ALL, Condition: { StringLike: { 'aws:SourceVpc': 'vpc-*' } } }, true],
    [{ ...ALL, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } }, false],
    [{ ...ALL, Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-1' } } }, true],
    [{ ...ALL, Condition: { StringEqualsIfExists: { 'aws:PrincipalOrgID': 'o-1' } } }, true],
    [{ ...ALL, Condition: { StringLike: { 'aws:userid': 'AROAEXAMPLEID:*' } } }, false],
    [{ ...ALL, Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:sns:us-east-1:123456789012:*' } } }, false],
    [{ ...ALL, Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:sns:*:*:*' } } }, true],
    [{ ...ALL, Condition: { Bool: { 'aws:SecureTransport': 'true' } } }, true],
  ] as const)
    assert.equal(isPublic(statement), expected, JSON.stringify(statement))
  assert.ok(isPublic({ ...ALL, Principal: { AWS: '123456789012' } }, ALL))
})
