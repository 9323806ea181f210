import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allowing, iamLab, refused } from './iam-lab.ts'

test('PutUserPolicy keeps a policy under its name, to the letter', async (t) => {
  const { iam } = await iamLab(t)
  const put = (PolicyDocument: string) =>
    iam.putUserPolicy({ UserName: 'ada', PolicyName: 'p', PolicyDocument })
  await put(allowing())
  const odd = allowing('kinesis:Put*').replace('{', '{ \n')
  await put(odd)
  const { PolicyDocument } = await iam.getUserPolicy({ UserName: 'ada', PolicyName: 'p' })
  assert.equal(decodeURIComponent(PolicyDocument ?? ''), odd)
  await refused(put('none'), 'MalformedPolicyDocument', /./)
  await refused(put('{"Version":"2012-10-17"}'), 'MalformedPolicyDocument', /./)
})

test('all of its policies together have a longest length, without white space', async (t) => {
  const { iam } = await iamLab(t)
  const long = (PolicyName: string, length: number) =>
    iam.putUserPolicy({
      UserName: 'ada',
      PolicyName,
      PolicyDocument: allowing(`kinesis:${'P'.repeat(length)}`),
    })
  await long('one', 2048 - 200)
  await refused(long('two', 200), 'LimitExceeded', 'Maximum policy size of 2048 bytes exceeded for user ada')
})
