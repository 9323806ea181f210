import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allowing, iamLab, refused } from './iam-lab.ts'

test('GetUserPolicy answers the document as it stands in a URL', async (t) => {
  const { iam } = await iamLab(t)
  await iam.putUserPolicy({ UserName: 'ada', PolicyName: 'p', PolicyDocument: allowing('kinesis:*') })
  const { PolicyDocument } = await iam.getUserPolicy({ UserName: 'ada', PolicyName: 'p' })
  assert.doesNotMatch(PolicyDocument ?? '', /[*"{ ]/)
  assert.match(PolicyDocument ?? '', /kinesis%3A%2A/)
  await refused(
    iam.getUserPolicy({ UserName: 'ada', PolicyName: 'none' }),
    'NoSuchEntity',
    'The user policy with name none cannot be found.',
  )
})
