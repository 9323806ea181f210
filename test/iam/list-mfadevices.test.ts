import assert from 'node:assert/strict'
import { test } from 'node:test'
import { iamLab, refused } from './iam-lab.ts'

test('ListMFADevices says that a user has none', async (t) => {
  const { iam } = await iamLab(t)
  const { MFADevices, IsTruncated } = await iam.listMFADevices({ UserName: 'ada' })
  assert.deepEqual([MFADevices, IsTruncated], [[], false])
  await refused(
    iam.listMFADevices({ UserName: 'nobody' }),
    'NoSuchEntity',
    'The user with name nobody cannot be found.',
  )
})
