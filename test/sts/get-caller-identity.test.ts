import assert from 'node:assert/strict'
import { test } from 'node:test'
import { serve, signedFor } from '../wire/serve.ts'
import { ask } from './ask-sts.ts'

test('GetCallerIdentity answers with the account of the access key, in XML', async (t) => {
  const { endpoint } = await serve(t)
  const answer = await ask(endpoint, 'Action=GetCallerIdentity&Version=2011-06-15')
  assert.equal(answer.status, 200)
  assert.match(
    await answer.text(),
    /^<\?xml .*\n<GetCallerIdentityResponse xmlns="https:\/\/sts\.amazonaws\.com\/doc\/2011-06-15\/"><GetCallerIdentityResult><UserId>123456789012<\/UserId><Account>123456789012<\/Account><Arn>arn:aws:iam::123456789012:root<\/Arn><\/GetCallerIdentityResult><ResponseMetadata><RequestId>[^<]+<\/RequestId>/,
  )
  const inQuery = await fetch(`${endpoint}/?Action=GetCallerIdentity`, { headers: signedFor('sts') })
  assert.match(await inQuery.text(), /<Account>000000000000</)
})

test('China and GovCloud have their own partition', async (t) => {
  const { endpoint } = await serve(t)
  const answer = await ask(
    endpoint,
    'Action=GetCallerIdentity',
    signedFor('sts', '123456789012', 'cn-north-1'),
  )
  assert.match(await answer.text(), /<Arn>arn:aws-cn:iam:/)
})

test('an unsigned request is refused as AWS does', async (t) => {
  const { endpoint } = await serve(t)
  const unsigned = await ask(endpoint, 'Action=GetCallerIdentity', {})
  assert.equal(unsigned.status, 403)
  assert.match(
    await unsigned.text(),
    /<Code>MissingAuthenticationToken<\/Code><Message>Request is missing Authentication Token</,
  )
})
