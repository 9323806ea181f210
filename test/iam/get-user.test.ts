import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ACCOUNT, iamLab, refused } from './iam-lab.ts'

test('GetUser finds it whatever the case of its name, and says what is not there', async (t) => {
  const { iam } = await iamLab(t)
  const { User: found } = await iam.getUser({ UserName: 'ADA' })
  assert.equal(found?.UserName, 'ada')
  await refused(
    iam.getUser({ UserName: 'nobody' }),
    'NoSuchEntity',
    'The user with name nobody cannot be found.',
  )
})

test('without a name it is whoever calls: in open mode the account itself', async (t) => {
  const { iam } = await iamLab(t)
  const { User } = await iam.getUser({})
  assert.equal(User?.Arn, `arn:aws:iam::${ACCOUNT}:root`)
  assert.equal(User?.UserId, ACCOUNT)
})
