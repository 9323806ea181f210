import assert from 'node:assert/strict'
import { test } from 'node:test'
import { IAM } from '@aws-sdk/client-iam'
import { STS } from '@aws-sdk/client-sts'
import { notClosed } from '../client-access.ts'
import { ACCOUNT, refused } from '../iam/iam-lab.ts'
import { iamWorld } from '../iam/iam-world.ts'
import { clientOf, startServer } from '../server.ts'

const ROLE = `arn:aws:iam::${ACCOUNT}:role/delivery`
/** Whoever of the account may by its own policies. */
const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: 'sts:AssumeRole' },
})

async function lab(t: Parameters<typeof startServer>[0]) {
  const { clientConfig } = await startServer(t)
  const iam = clientOf(t, new IAM(clientConfig))
  const sts = clientOf(t, new STS(clientConfig))
  const assume = (input: object = {}) => sts.assumeRole({ RoleArn: ROLE, RoleSessionName: 'me', ...input })
  return { iam, sts, assume }
}

test('AssumeRole answers with temporary keys in the form of AWS, and says until when', async (t) => {
  const { iam, assume } = await lab(t)
  const { Role } = await iam.createRole({ RoleName: 'delivery', AssumeRolePolicyDocument: TRUST })
  const before = Math.floor(Date.now() / 1000) * 1000
  const { Credentials, AssumedRoleUser, PackedPolicySize } = await assume()
  assert.match(Credentials?.AccessKeyId ?? '', /^ASIA[A-Z2-7]{16}$/)
  assert.match(Credentials?.SecretAccessKey ?? '', /^[A-Za-z0-9+/]{40}$/)
  assert.equal(Credentials?.SessionToken?.length, 128)
  const lifeMs = Number(Credentials?.Expiration) - before
  assert.ok(lifeMs >= 3_600_000 && lifeMs < 3_660_000, String(lifeMs))
  assert.deepEqual(AssumedRoleUser, {
    AssumedRoleId: `${Role?.RoleId}:me`,
    Arn: 'arn:aws:sts::000000000000:assumed-role/delivery/me',
  })
  assert.equal(PackedPolicySize, undefined)
})

test('in open mode a role is assumed that nobody made, of any account, and is always the same one', {
  skip: notClosed('there have to be roles'),
}, async (t) => {
  const { assume } = await lab(t)
  const RoleArn = 'arn:aws:iam::210987654321:role/service-role/other'
  const ids = [await assume({ RoleArn }), await assume({ RoleArn })].map(
    ({ AssumedRoleUser }) => AssumedRoleUser?.AssumedRoleId,
  )
  assert.match(ids[0] ?? '', /^AROA[A-Z2-7]{17}:me$/)
  assert.equal(ids[0], ids[1])
})

test('what is wrong with a request is said in words of AWS', async (t) => {
  const { iam, assume } = await lab(t)
  await iam.createRole({ RoleName: 'delivery', AssumeRolePolicyDocument: TRUST })
  const noRole = 'arn:aws:iam::000000000000:user/delivery'
  await refused(assume({ RoleArn: noRole }), 'ValidationError', `${noRole} is invalid`)
  await refused(
    assume({ RoleSessionName: 'a b' }),
    'ValidationError',
    "1 validation error detected: Value 'a b' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*",
  )
  await refused(assume({ DurationSeconds: 899 }), 'ValidationError', /greater than or equal to 900$/)
  await refused(assume({ DurationSeconds: 43_201 }), 'ValidationError', /less than or equal to 43200$/)
  await refused(
    assume({ DurationSeconds: 3_601 }),
    'ValidationError',
    'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
  )
  await refused(
    assume({ SerialNumber: 'arn:aws:iam::000000000000:mfa/ada', TokenCode: '123456' }),
    'AccessDenied',
    'MultiFactorAuthentication failed with invalid MFA one time pass code.',
  )
  for (const [member, value] of [
    ['TransitiveTagKeys', ['a']],
    ['SourceIdentity', 'ada'],
    ['ProvidedContexts', [{ ProviderArn: ROLE, ContextAssertion: 'asserted' }]],
  ] as const)
    await refused(assume({ [member]: value }), 'UnsupportedOperation', new RegExp(member))
})

test('a session policy has a longest length, and managed ones have to be there', async (t) => {
  const { iam, assume } = await lab(t)
  await iam.createRole({ RoleName: 'delivery', AssumeRolePolicyDocument: TRUST })
  const Policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}'
  const PolicyArns = [{ arn: 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess' }]
  assert.equal((await assume({ Policy, PolicyArns })).PackedPolicySize, 7)
  await refused(
    assume({ Policy: `${Policy}${' '.repeat(2_000)}` }),
    'PackedPolicyTooLarge',
    /^Packed policy consumes 10\d% of allotted space/,
  )
  const unknown = [{ arn: 'arn:aws:iam::aws:policy/NoSuchPolicy' }]
  await refused(assume({ PolicyArns: unknown }), 'MalformedPolicyDocument', /does not exist/)
  const many = Array.from({ length: 11 }, () => PolicyArns[0])
  await refused(assume({ PolicyArns: many }), 'ValidationError', /less than or equal to 10$/)
  await refused(assume({ Policy: 'none' }), 'MalformedPolicyDocument', /./)
})

test('a token is as long as is asked for', async (t) => {
  const { iam, assume } = await lab(t)
  await iam.createRole({ RoleName: 'delivery', AssumeRolePolicyDocument: TRUST })
  const { Credentials, SessionTokenSize } = await assume({ MinimumSessionTokenSize: 4_000 })
  assert.deepEqual([Credentials?.SessionToken?.length, SessionTokenSize], [4_000, 4_000])
})

test('a session has the policies of its role, within those of its own, and its tags', async (t) => {
  const { here, call } = await iamWorld(t)
  const account = '123456789012'
  const own = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}]}'
  await call('CreateRole', {
    RoleName: 'delivery',
    AssumeRolePolicyDocument: TRUST,
    Tags: [{ Key: 'team', Value: 'data' }],
  })
  await call('AttachRolePolicy', {
    RoleName: 'delivery',
    PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess',
  })
  const RoleArn = `arn:aws:iam::${account}:role/delivery`
  const begin = async (input: object) => {
    const answer = await call('AssumeRole', { RoleArn, RoleSessionName: 'me', ...input })
    const { AccessKeyId } = answer.Credentials as { AccessKeyId: string }
    return (await here.credentials.find(AccessKeyId))!
  }
  const { principal } = await begin({ Policy: own, Tags: [{ Key: 'job', Value: '1' }] })
  const { identity, session, tags } = await here.credentials.policiesOf(principal)
  assert.match(identity.join(), /"Action":"\*"/)
  assert.deepEqual([session, tags], [[own], { team: 'data', job: '1' }])
  const free = await begin({})
  assert.equal((await here.credentials.policiesOf(free.principal)).session, undefined)
  await call('DetachRolePolicy', {
    RoleName: 'delivery',
    PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess',
  })
  assert.deepEqual((await here.credentials.policiesOf(principal)).identity, [])
})
