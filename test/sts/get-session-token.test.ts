import assert from 'node:assert/strict'
import { test } from 'node:test'
import { callerOf } from '../caller.ts'
import { allowing } from '../iam/iam-lab.ts'
import { iamWorld } from '../iam/iam-world.ts'

interface Answer {
  readonly AccessKeyId: string
  readonly SecretAccessKey: string
  readonly SessionToken: string
  readonly Expiration: number
}

test('GetSessionToken gives a user temporary keys of its own, which may do what the user may', async (t) => {
  const { here, there, time, call, keyOf } = await iamWorld(t)
  await call('CreateUser', { UserName: 'ada' })
  const { principal } = await keyOf('ada')
  const { Credentials } = await call('GetSessionToken', { DurationSeconds: 900 }, callerOf({ principal }))
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials as Answer
  assert.equal(Expiration, time.now + 900_000)
  for (const one of [here, there])
    assert.deepEqual(await one.credentials.find(AccessKeyId), {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
      expiresAt: Expiration,
      isActive: true,
      principal: { ...principal, accessKeyId: AccessKeyId },
    })
  await call('PutUserPolicy', { UserName: 'ada', PolicyName: 'p', PolicyDocument: allowing() })
  const session = { ...principal, accessKeyId: AccessKeyId }
  assert.deepEqual(await here.credentials.policiesOf(session), {
    identity: [allowing()],
    issuedAt: time.now,
  })
  await assert.rejects(call('GetSessionToken', {}, callerOf({ principal: session })), {
    code: 'AccessDenied',
    message: 'Cannot call GetSessionToken with session credentials',
  })
})

test("a user's session lasts half a day, a root user's one hour at most", async (t) => {
  const { time, call, keyOf } = await iamWorld(t)
  await call('CreateUser', { UserName: 'ada' })
  const { principal } = await keyOf('ada')
  const hoursOf = async (input: object, caller = callerOf()) => {
    const { Credentials } = await call('GetSessionToken', input, caller)
    return ((Credentials as Answer).Expiration - time.now) / 3_600_000
  }
  assert.equal(await hoursOf({}, callerOf({ principal })), 12)
  assert.equal(await hoursOf({ DurationSeconds: 129_600 }, callerOf({ principal })), 36)
  assert.equal(await hoursOf({}), 1)
  assert.equal(await hoursOf({ DurationSeconds: 1_800 }), 0.5)
  await assert.rejects(hoursOf({ SerialNumber: 'arn:aws:iam::1:mfa/a', TokenCode: '123456' }), {
    code: 'AccessDenied',
  })
})

test('sessions that are long over are deleted by those that begin', async (t) => {
  const { here, time, call } = await iamWorld(t)
  const begin = async () =>
    ((await call('GetSessionToken', { DurationSeconds: 900 })).Credentials as Answer).AccessKeyId
  const first = await begin()
  const stored = async () => (await here.sts.metadata.list({ prefix: 'sts/' })).length
  time.now += 900_000 + 3_599_000
  const second = await begin()
  assert.equal(await stored(), 4)
  assert.ok(await here.credentials.find(first))
  time.now += 1_000
  await begin()
  assert.equal(await stored(), 4)
  assert.equal(await here.credentials.find(first), undefined)
  assert.ok(await here.credentials.find(second))
})
