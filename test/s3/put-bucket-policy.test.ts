import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PutBucketPolicyCommand, PutPublicAccessBlockCommand } from '@aws-sdk/client-s3'
import { allow, policyOf } from '../auth/users.ts'
import { boundS3 } from './bound-s3.ts'
import { BUCKET, FOR_ACCOUNT, FOR_ALL, OBJECTS, UNBLOCKED } from './bucket-policies.ts'
import { assertWantsBucket } from './resource-refusals.ts'
import { serveS3 } from './serve-s3.ts'

const refusalOf = async (bound: Awaited<ReturnType<typeof boundS3>>, Policy: string) => {
  const { code, message, status } = await bound.refused('PutBucketPolicy', { Bucket: 'lake', Policy })
  assert.equal(status, code === 'AccessDenied' ? 403 : 400)
  return `${code}: ${message}`
}

test('PutBucketPolicy takes what S3 takes, and refuses the rest in its words', async () => {
  const bound = await boundS3()
  const { Effect: _effect, ...effectless } = FOR_ACCOUNT
  const { Principal: _principal, ...principalless } = FOR_ACCOUNT as { Principal?: object }
  const json = "Policies must be valid JSON and the first byte must be '{'"
  for (const [policy, message] of [
    ['', json],
    ['[]', json],
    ['{', json],
    ['{}', 'Missing required field Statement'],
    [policyOf(), 'Could not parse the policy: Statement is empty!'],
    [policyOf(effectless), 'Missing required field Effect'],
    [policyOf(principalless), 'Missing required field Principal'],
    [policyOf({ ...FOR_ACCOUNT, Effect: 'allow' }), 'Invalid effect: allow'],
    [policyOf({ ...FOR_ACCOUNT, Principal: { AWS: 'anna' } }), 'Invalid principal in policy'],
    [policyOf({ ...FOR_ACCOUNT, Action: 'kinesis:PutRecord' }), 'Policy has invalid action'],
    [policyOf({ ...FOR_ACCOUNT, Action: 's3:GetObjects' }), 'Policy has invalid action'],
    [policyOf({ ...FOR_ACCOUNT, Resource: 'arn:aws:s3:::other/*' }), 'Policy has invalid resource'],
    [policyOf({ ...FOR_ACCOUNT, Resource: '*' }), 'Policy has invalid resource'],
    [policyOf({ ...FOR_ACCOUNT, Resource: BUCKET }), 'Action does not apply to any resource(s) in statement'],
    [
      policyOf({ ...FOR_ACCOUNT, Action: 's3:ListBucket' }),
      'Action does not apply to any resource(s) in statement',
    ],
    [policyOf({ ...FOR_ACCOUNT, Extra: 1 }), 'Unknown field Extra'],
    [
      policyOf({ ...FOR_ACCOUNT, Condition: { Sometimes: { 'aws:x': '' } } }),
      'Invalid Condition type : Sometimes',
    ],
    [
      policyOf({ ...FOR_ACCOUNT, Condition: { Bool: { 'ec2:x': '' } } }),
      'Policy has an invalid condition key',
    ],
    [
      policyOf(FOR_ACCOUNT).replace('2012-10-17', '2013-10-17'),
      'The policy must contain a valid version string',
    ],
  ] as const)
    assert.equal(await refusalOf(bound, policy), `MalformedPolicy: ${message}`, policy)
  for (const statement of [
    FOR_ACCOUNT,
    { ...FOR_ACCOUNT, Action: 's3:*', Resource: [BUCKET, OBJECTS] },
    { ...FOR_ACCOUNT, Action: ['s3:List*', 's3:Get*'], Resource: [BUCKET, OBJECTS] },
    { ...FOR_ACCOUNT, Action: '*' },
    { ...FOR_ACCOUNT, Resource: `${BUCKET}*`, Action: 's3:ListBucket' },
  ])
    await bound.call('PutBucketPolicy', { Bucket: 'lake', Policy: policyOf(statement) })
})

test('a policy has 20 KiB at most', async () => {
  const bound = await boundS3()
  const policy = policyOf(FOR_ACCOUNT)
  const longest = policy + ' '.repeat(20_480 - policy.length)
  await bound.call('PutBucketPolicy', { Bucket: 'lake', Policy: longest })
  assert.match(await refusalOf(bound, `${longest} `), /^PolicyTooLarge: /)
})

test('a public policy is refused as long as they are blocked', async (t) => {
  const { client, errors } = await serveS3(t)
  const s3 = client()
  const put = (more: object = {}) =>
    s3.send(new PutBucketPolicyCommand({ Bucket: 'lake', Policy: policyOf({ ...FOR_ALL, ...more }) }))
  await assert.rejects(put(), {
    name: 'AccessDenied',
    message:
      'User: arn:aws:iam::123456789012:root is not authorized to perform: s3:PutBucketPolicy on resource: "arn:aws:s3:::lake" because public policies are blocked by the BlockPublicPolicy block public access setting.',
  })
  await put({ Condition: { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } } })
  await s3.send(new PutPublicAccessBlockCommand(UNBLOCKED))
  await put()
  assert.deepEqual(errors, [])
})

test('a policy goes with its bucket', async () => {
  const { call, refused } = await boundS3()
  await call('PutBucketPolicy', {
    Bucket: 'lake',
    Policy: policyOf(allow('s3:*', BUCKET, { Principal: { AWS: '123456789012' } })),
  })
  await call('DeleteBucket', { Bucket: 'lake' })
  await call('CreateBucket', { Bucket: 'lake' })
  assert.equal((await refused('GetBucketPolicy', { Bucket: 'lake' })).code, 'NoSuchBucketPolicy')
})

test('PutBucketPolicy wants a bucket of the caller', async () => {
  await assertWantsBucket('PutBucketPolicy', { Policy: '{}' })
})
