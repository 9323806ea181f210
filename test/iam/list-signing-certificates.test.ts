import assert from 'node:assert/strict'
import { test } from 'node:test'
import { iamLab, refused } from './iam-lab.ts'

test('ListSigningCertificates says that a user has none', async (t) => {
  const { iam } = await iamLab(t)
  const { Certificates, IsTruncated } = await iam.listSigningCertificates({ UserName: 'ada' })
  assert.deepEqual([Certificates, IsTruncated], [[], false])
  await refused(
    iam.listSigningCertificates({ UserName: 'nobody' }),
    'NoSuchEntity',
    'The user with name nobody cannot be found.',
  )
})
