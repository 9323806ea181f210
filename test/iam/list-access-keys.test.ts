import assert from 'node:assert/strict'
import { test } from 'node:test'
import { iamLab, refused } from './iam-lab.ts'

test('ListAccessKeys tells everything but the secrets', async (t) => {
  const { iam } = await iamLab(t)
  const { AccessKey } = await iam.createAccessKey({ UserName: 'ada' })
  await iam.createAccessKey({ UserName: 'ada' })
  const { AccessKeyMetadata = [] } = await iam.listAccessKeys({ UserName: 'ada' })
  assert.equal(AccessKeyMetadata.length, 2)
  const found = AccessKeyMetadata.find(({ AccessKeyId }) => AccessKeyId === AccessKey?.AccessKeyId)
  const { SecretAccessKey: _secret, ...told } = AccessKey ?? {}
  assert.deepEqual(found, told)
  await refused(
    iam.listAccessKeys({ UserName: 'nobody' }),
    'NoSuchEntity',
    'The user with name nobody cannot be found.',
  )
})
