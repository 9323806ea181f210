import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allowing, iamLab, refused } from './iam-lab.ts'

test('PutRolePolicy keeps a policy under its name, to the letter', async (t) => {
  const { iam } = await iamLab(t)
  const put = (PolicyDocument: string) =>
    iam.putRolePolicy({ RoleName: 'delivery', PolicyName: 'p', PolicyDocument })
  await put(allowing())
  const odd = allowing('kinesis:Put*').replace('{', '{ \n')
  await put(odd)
  const { PolicyDocument } = await iam.getRolePolicy({ RoleName: 'delivery', PolicyName: 'p' })
  assert.equal(decodeURIComponent(PolicyDocument ?? ''), odd)
  await refused(put('none'), 'MalformedPolicyDocument', /./)
  await refused(put('{"Version":"2012-10-17"}'), 'MalformedPolicyDocument', /./)
})

test('all of its policies together have a longest length, without white space', async (t) => {
  const { iam } = await iamLab(t)
  const long = (PolicyName: string, length: number) =>
    iam.putRolePolicy({
      RoleName: 'delivery',
      PolicyName,
      PolicyDocument: allowing(`kinesis:${'P'.repeat(length)}`),
    })
  await long('one', 10240 - 200)
  await refused(
    long('two', 200),
    'LimitExceeded',
    'Maximum policy size of 10240 bytes exceeded for role delivery',
  )
})
