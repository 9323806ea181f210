import { test } from 'node:test'
import { allowing, iamLab, refused } from './iam-lab.ts'

test('DeleteRolePolicy takes one away', async (t) => {
  const { iam } = await iamLab(t)
  const gone = () => iam.deleteRolePolicy({ RoleName: 'delivery', PolicyName: 'p' })
  await iam.putRolePolicy({ RoleName: 'delivery', PolicyName: 'p', PolicyDocument: allowing() })
  await gone()
  await refused(gone(), 'NoSuchEntity', 'The role policy with name p cannot be found.')
})
