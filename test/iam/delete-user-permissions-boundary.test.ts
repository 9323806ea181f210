import assert from 'node:assert/strict'
import { test } from 'node:test'
import { iamLab, policyArn } from './iam-lab.ts'

test('DeleteUserPermissionsBoundary takes the boundary away', async (t) => {
  const { iam } = await iamLab(t)
  await iam.putUserPermissionsBoundary({ UserName: 'ada', PermissionsBoundary: policyArn('put') })
  await iam.deleteUserPermissionsBoundary({ UserName: 'ada' })
  const { User: found } = await iam.getUser({ UserName: 'ada' })
  assert.equal(found?.PermissionsBoundary, undefined)
  await iam.deletePolicy({ PolicyArn: policyArn('put') })
})
