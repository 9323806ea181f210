import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allowing, iamLab, refused } from './iam-lab.ts'

test('GetRolePolicy answers the document as it stands in a URL', async (t) => {
  const { iam } = await iamLab(t)
  await iam.putRolePolicy({ RoleName: 'delivery', PolicyName: 'p', PolicyDocument: allowing('kinesis:*') })
  const { PolicyDocument } = await iam.getRolePolicy({ RoleName: 'delivery', PolicyName: 'p' })
  assert.doesNotMatch(PolicyDocument ?? '', /[*"{ ]/)
  assert.match(PolicyDocument ?? '', /kinesis%3A%2A/)
  await refused(
    iam.getRolePolicy({ RoleName: 'delivery', PolicyName: 'none' }),
    'NoSuchEntity',
    'The role policy with name none cannot be found.',
  )
})
