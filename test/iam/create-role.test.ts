import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ACCOUNT, iamLab, policyArn, refused, TRUST } from './iam-lab.ts'

test('CreateRole answers with an ARN of its path, an id that no later one has, and its tags', async (t) => {
  const { iam } = await iamLab(t)
  const { Role: made } = await iam.createRole({
    RoleName: 'new',
    AssumeRolePolicyDocument: TRUST,
    Path: '/team/',
    Tags: [{ Key: 'a', Value: '1' }],
  })
  assert.equal(made?.Arn, `arn:aws:iam::${ACCOUNT}:role/team/new`)
  assert.match(made?.RoleId ?? '', /^AROA[A-Z2-7]{17}$/)
  assert.deepEqual(made?.Tags, [{ Key: 'a', Value: '1' }])
  assert.ok(made?.CreateDate instanceof Date)
  await iam.deleteRole({ RoleName: 'new' })
  const again = (await iam.createRole({ RoleName: 'new', AssumeRolePolicyDocument: TRUST })).Role
  assert.notEqual(again?.RoleId, made?.RoleId)
})

test('a name is taken whatever its case, and a wrong one is refused in words of IAM', async (t) => {
  const { iam } = await iamLab(t)
  await refused(
    iam.createRole({ RoleName: 'DELIVERY', AssumeRolePolicyDocument: TRUST }),
    'EntityAlreadyExists',
    'Role with name DELIVERY already exists.',
  )
  await refused(
    iam.createRole({ RoleName: 'a b', AssumeRolePolicyDocument: TRUST }),
    'ValidationError',
    'The specified value for roleName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-',
  )
  await refused(
    iam.createRole({
      RoleName: 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
      AssumeRolePolicyDocument: TRUST,
    }),
    'ValidationError',
    /at 'roleName' failed to satisfy constraint: Member must have length less than or equal to 64$/,
  )
  await refused(
    iam.createRole({ RoleName: 'new', AssumeRolePolicyDocument: TRUST, Path: 'team' }),
    'ValidationError',
    /^The specified value for path is invalid/,
  )
  await refused(
    iam.createRole({
      RoleName: 'new',
      AssumeRolePolicyDocument: TRUST,
      Tags: [
        { Key: 'a', Value: '' },
        { Key: 'A', Value: '' },
      ],
    }),
    'InvalidInput',
    'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
  )
})

test('a permissions boundary has to be there', async (t) => {
  const { iam } = await iamLab(t)
  const boundary = policyArn('put')
  const { Role: made } = await iam.createRole({
    RoleName: 'new',
    AssumeRolePolicyDocument: TRUST,
    PermissionsBoundary: boundary,
  })
  assert.deepEqual(made?.PermissionsBoundary, {
    PermissionsBoundaryType: 'PermissionsBoundaryPolicy',
    PermissionsBoundaryArn: boundary,
  })
  await refused(
    iam.deletePolicy({ PolicyArn: boundary }),
    'DeleteConflict',
    'Cannot delete a policy attached to entities.',
  )
  await refused(
    iam.createRole({
      RoleName: 'newer',
      AssumeRolePolicyDocument: TRUST,
      PermissionsBoundary: policyArn('none'),
    }),
    'NoSuchEntity',
    `Policy ${policyArn('none')} does not exist or is not attachable.`,
  )
  await iam.deleteRole({ RoleName: 'new' })
  await iam.deletePolicy({ PolicyArn: boundary })
})

test('a role has a trust policy, a description and a longest session', async (t) => {
  const { iam } = await iamLab(t)
  const { Role: made } = await iam.createRole({
    RoleName: 'new',
    Path: '/service-role/',
    AssumeRolePolicyDocument: TRUST,
    Description: 'for tests',
    MaxSessionDuration: 7200,
  })
  assert.equal(made?.Arn, `arn:aws:iam::${ACCOUNT}:role/service-role/new`)
  assert.equal(decodeURIComponent(made?.AssumeRolePolicyDocument ?? ''), TRUST)
  assert.deepEqual([made?.Description, made?.MaxSessionDuration], ['for tests', 7200])
  const trustOf = (AssumeRolePolicyDocument: string) =>
    iam.createRole({ RoleName: 'newer', AssumeRolePolicyDocument })
  await refused(trustOf('none'), 'MalformedPolicyDocument', /./)
  await refused(trustOf('{}'), 'MalformedPolicyDocument', /./)
})
