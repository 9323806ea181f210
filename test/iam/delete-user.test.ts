import { test } from 'node:test'
import { allowing, iamLab, policyArn, refused } from './iam-lab.ts'

test('DeleteUser wants everything taken away before that hangs on it', async (t) => {
  const { iam } = await iamLab(t)
  await iam.putUserPolicy({ UserName: 'ada', PolicyName: 'p', PolicyDocument: allowing() })
  await iam.attachUserPolicy({ UserName: 'ada', PolicyArn: policyArn('put') })
  const gone = () => iam.deleteUser({ UserName: 'ada' })
  await refused(gone(), 'DeleteConflict', 'Cannot delete entity, must delete policies first.')
  await iam.deleteUserPolicy({ UserName: 'ada', PolicyName: 'p' })
  await refused(gone(), 'DeleteConflict', 'Cannot delete entity, must detach all policies first.')
  await iam.detachUserPolicy({ UserName: 'ada', PolicyArn: policyArn('put') })
  const { AccessKey } = await iam.createAccessKey({ UserName: 'ada' })
  await refused(gone(), 'DeleteConflict', 'Cannot delete entity, must remove access keys first.')
  await iam.deleteAccessKey({ UserName: 'ada', AccessKeyId: AccessKey?.AccessKeyId })
  await gone()
  await refused(gone(), 'NoSuchEntity', 'The user with name ada cannot be found.')
})
