import { test } from 'node:test'
import { iamLab, policyArn, refused } from './iam-lab.ts'

test('DetachRolePolicy gives the policy free', async (t) => {
  const { iam } = await iamLab(t)
  const detach = () => iam.detachRolePolicy({ RoleName: 'delivery', PolicyArn: policyArn('put') })
  await iam.attachRolePolicy({ RoleName: 'delivery', PolicyArn: policyArn('put') })
  await refused(
    iam.deletePolicy({ PolicyArn: policyArn('put') }),
    'DeleteConflict',
    'Cannot delete a policy attached to entities.',
  )
  await detach()
  await refused(detach(), 'NoSuchEntity', `Policy ${policyArn('put')} was not found.`)
  await iam.deletePolicy({ PolicyArn: policyArn('put') })
})
