import { test } from 'node:test'
import { iamLab, refused } from './iam-lab.ts'

test('DeleteAccessKey takes a key of that user away', async (t) => {
  const { iam } = await iamLab(t)
  const { AccessKey } = await iam.createAccessKey({ UserName: 'ada' })
  const AccessKeyId = AccessKey?.AccessKeyId
  await iam.createUser({ UserName: 'bob' })
  const gone = (UserName: string) => iam.deleteAccessKey({ UserName, AccessKeyId })
  const message = `The Access Key with id ${AccessKeyId} cannot be found.`
  await refused(gone('bob'), 'NoSuchEntity', message)
  await gone('ada')
  await refused(gone('ada'), 'NoSuchEntity', message)
})
