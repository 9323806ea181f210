import assert from 'node:assert/strict'
import { test } from 'node:test'
import { iamLab, refused } from './iam-lab.ts'

test('ListSSHPublicKeys says that a user has none', async (t) => {
  const { iam } = await iamLab(t)
  const { SSHPublicKeys, IsTruncated } = await iam.listSSHPublicKeys({ UserName: 'ada' })
  assert.deepEqual([SSHPublicKeys, IsTruncated], [[], false])
  await refused(
    iam.listSSHPublicKeys({ UserName: 'nobody' }),
    'NoSuchEntity',
    'The user with name nobody cannot be found.',
  )
})
