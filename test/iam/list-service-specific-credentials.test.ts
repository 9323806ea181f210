import assert from 'node:assert/strict'
import { test } from 'node:test'
import { iamLab, refused } from './iam-lab.ts'

test('ListServiceSpecificCredentials says that a user has none', async (t) => {
  const { iam } = await iamLab(t)
  const { ServiceSpecificCredentials, IsTruncated } = await iam.listServiceSpecificCredentials({
    UserName: 'ada',
  })
  assert.deepEqual([ServiceSpecificCredentials, IsTruncated], [[], false])
  await refused(
    iam.listServiceSpecificCredentials({ UserName: 'nobody' }),
    'NoSuchEntity',
    'The user with name nobody cannot be found.',
  )
})
