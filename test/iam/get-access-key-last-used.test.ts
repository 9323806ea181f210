import assert from 'node:assert/strict'
import { test } from 'node:test'
import { iamLab, refused } from './iam-lab.ts'

test('GetAccessKeyLastUsed says N/A of a key that was never used', async (t) => {
  const { iam } = await iamLab(t)
  const { AccessKey } = await iam.createAccessKey({ UserName: 'ada' })
  const { UserName, AccessKeyLastUsed } = await iam.getAccessKeyLastUsed({
    AccessKeyId: AccessKey?.AccessKeyId,
  })
  assert.deepEqual([UserName, AccessKeyLastUsed], ['ada', { ServiceName: 'N/A', Region: 'N/A' }])
  await refused(
    iam.getAccessKeyLastUsed({ AccessKeyId: 'AKIAAAAAAAAAAAAAAAAA' }),
    'NoSuchEntity',
    'The Access Key with id AKIAAAAAAAAAAAAAAAAA cannot be found.',
  )
})
