import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allowing, iamLab, policyArn } from './iam-lab.ts'

test('PutRolePermissionsBoundary puts one in the place of another, and each is counted', async (t) => {
  const { iam } = await iamLab(t)
  await iam.createPolicy({ PolicyName: 'other', PolicyDocument: allowing() })
  const bound = (one: string) =>
    iam.putRolePermissionsBoundary({ RoleName: 'delivery', PermissionsBoundary: policyArn(one) })
  const uses = async () =>
    await Promise.all(
      ['put', 'other'].map(
        async (one) =>
          (await iam.getPolicy({ PolicyArn: policyArn(one) })).Policy?.PermissionsBoundaryUsageCount,
      ),
    )
  await bound('put')
  await bound('put')
  assert.deepEqual(await uses(), [1, 0])
  await bound('other')
  assert.deepEqual(await uses(), [0, 1])
  const { Role: found } = await iam.getRole({ RoleName: 'delivery' })
  assert.equal(found?.PermissionsBoundary?.PermissionsBoundaryArn, policyArn('other'))
})
