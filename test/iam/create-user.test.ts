import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ACCOUNT, iamLab, policyArn, refused } from './iam-lab.ts'

test('CreateUser answers with an ARN of its path, an id that no later one has, and its tags', async (t) => {
  const { iam } = await iamLab(t)
  const { User: made } = await iam.createUser({
    UserName: 'new',
    Path: '/team/',
    Tags: [{ Key: 'a', Value: '1' }],
  })
  assert.equal(made?.Arn, `arn:aws:iam::${ACCOUNT}:user/team/new`)
  assert.match(made?.UserId ?? '', /^AIDA[A-Z2-7]{17}$/)
  assert.deepEqual(made?.Tags, [{ Key: 'a', Value: '1' }])
  assert.ok(made?.CreateDate instanceof Date)
  await iam.deleteUser({ UserName: 'new' })
  const again = (await iam.createUser({ UserName: 'new' })).User
  assert.notEqual(again?.UserId, made?.UserId)
})

test('a name is taken whatever its case, and a wrong one is refused in words of IAM', async (t) => {
  const { iam } = await iamLab(t)
  await refused(
    iam.createUser({ UserName: 'ADA' }),
    'EntityAlreadyExists',
    'User with name ADA already exists.',
  )
  await refused(
    iam.createUser({ UserName: 'a b' }),
    'ValidationError',
    'The specified value for userName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-',
  )
  await refused(
    iam.createUser({ UserName: 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' }),
    'ValidationError',
    /at 'userName' failed to satisfy constraint: Member must have length less than or equal to 64$/,
  )
  await refused(
    iam.createUser({ UserName: 'new', Path: 'team' }),
    'ValidationError',
    /^The specified value for path is invalid/,
  )
  await refused(
    iam.createUser({
      UserName: 'new',
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
  const { User: made } = await iam.createUser({ UserName: 'new', PermissionsBoundary: boundary })
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
    iam.createUser({ UserName: 'newer', PermissionsBoundary: policyArn('none') }),
    'NoSuchEntity',
    `Policy ${policyArn('none')} does not exist or is not attachable.`,
  )
  await iam.deleteUser({ UserName: 'new' })
  await iam.deletePolicy({ PolicyArn: boundary })
})
