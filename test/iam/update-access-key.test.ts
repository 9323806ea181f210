import assert from 'node:assert/strict'
import { test } from 'node:test'
import { iamLab, refused } from './iam-lab.ts'

test('UpdateAccessKey makes a key inactive, and active again', async (t) => {
  const { iam } = await iamLab(t)
  const { AccessKey } = await iam.createAccessKey({ UserName: 'ada' })
  const AccessKeyId = AccessKey?.AccessKeyId
  const statusOf = async () => (await iam.listAccessKeys({ UserName: 'ada' })).AccessKeyMetadata?.[0]?.Status
  for (const Status of ['Inactive', 'Active'] as const) {
    await iam.updateAccessKey({ UserName: 'ada', AccessKeyId, Status })
    assert.equal(await statusOf(), Status)
  }
  await iam.createUser({ UserName: 'bob' })
  await refused(
    iam.updateAccessKey({ UserName: 'bob', AccessKeyId, Status: 'Inactive' }),
    'NoSuchEntity',
    `The Access Key with id ${AccessKeyId} cannot be found.`,
  )
})
