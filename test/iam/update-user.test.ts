import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ACCOUNT, iamLab, policyArn, refused } from './iam-lab.ts'

test('UpdateUser gives another name and path, and everything goes along', async (t) => {
  const { iam } = await iamLab(t)
  await iam.attachUserPolicy({ UserName: 'ada', PolicyArn: policyArn('put') })
  const { AccessKey } = await iam.createAccessKey({ UserName: 'ada' })
  await iam.updateUser({ UserName: 'ada', NewUserName: 'grace', NewPath: '/admirals/' })
  await refused(iam.getUser({ UserName: 'ada' }), 'NoSuchEntity', /ada/)
  const { User } = await iam.getUser({ UserName: 'grace' })
  assert.equal(User?.Arn, `arn:aws:iam::${ACCOUNT}:user/admirals/grace`)
  const { AccessKeyMetadata = [] } = await iam.listAccessKeys({ UserName: 'grace' })
  assert.deepEqual(
    AccessKeyMetadata.map(({ UserName, AccessKeyId }) => [UserName, AccessKeyId]),
    [['grace', AccessKey?.AccessKeyId]],
  )
  await iam.deleteAccessKey({ UserName: 'grace', AccessKeyId: AccessKey?.AccessKeyId })
})

test('another case of the name is the same user, and a name that is taken is refused', async (t) => {
  const { iam } = await iamLab(t)
  await iam.updateUser({ UserName: 'ada', NewUserName: 'Ada' })
  assert.equal((await iam.getUser({ UserName: 'ada' })).User?.UserName, 'Ada')
  await iam.createUser({ UserName: 'grace' })
  await refused(
    iam.updateUser({ UserName: 'ada', NewUserName: 'Grace' }),
    'EntityAlreadyExists',
    'User with name Grace already exists.',
  )
})
