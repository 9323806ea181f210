import { test } from 'node:test'
import { iamLab, refused } from './iam-lab.ts'

test('GetLoginProfile knows of no passwords', async (t) => {
  const { iam } = await iamLab(t)
  const ask = (UserName: string) => iam.getLoginProfile({ UserName })
  await refused(ask('ada'), 'NoSuchEntity', 'Login Profile for User ada cannot be found.')
  await refused(ask('nobody'), 'NoSuchEntity', 'The user with name nobody cannot be found.')
})
