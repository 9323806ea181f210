import { test } from 'node:test'
import { allowing, iamLab, refused } from './iam-lab.ts'

test('DeleteUserPolicy takes one away', async (t) => {
  const { iam } = await iamLab(t)
  const gone = () => iam.deleteUserPolicy({ UserName: 'ada', PolicyName: 'p' })
  await iam.putUserPolicy({ UserName: 'ada', PolicyName: 'p', PolicyDocument: allowing() })
  await gone()
  await refused(gone(), 'NoSuchEntity', 'The user policy with name p cannot be found.')
})
