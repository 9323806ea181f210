import { test } from 'node:test'
import { allowing, iamLab, policyArn, refused } from './iam-lab.ts'

test('DeleteRole wants everything taken away before that hangs on it', async (t) => {
  const { iam } = await iamLab(t)
  await iam.putRolePolicy({ RoleName: 'delivery', PolicyName: 'p', PolicyDocument: allowing() })
  await iam.attachRolePolicy({ RoleName: 'delivery', PolicyArn: policyArn('put') })
  const gone = () => iam.deleteRole({ RoleName: 'delivery' })
  await refused(gone(), 'DeleteConflict', 'Cannot delete entity, must delete policies first.')
  await iam.deleteRolePolicy({ RoleName: 'delivery', PolicyName: 'p' })
  await refused(gone(), 'DeleteConflict', 'Cannot delete entity, must detach all policies first.')
  await iam.detachRolePolicy({ RoleName: 'delivery', PolicyArn: policyArn('put') })
  await gone()
  await refused(gone(), 'NoSuchEntity', 'The role with name delivery cannot be found.')
})
