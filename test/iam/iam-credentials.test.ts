import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OF_NOBODY } from '../../src/auth/credentials.ts'
import { allowing, TRUST } from './iam-lab.ts'
import { ACCOUNT, iamWorld } from './iam-world.ts'

const policyArn = (name: string) => `arn:aws:iam::${ACCOUNT}:policy/${name}`

test("a user's key is found with its secret, at once when it was found before", async (t) => {
  const { here, there, call } = await iamWorld(t)
  await call('CreateUser', { UserName: 'ada', Path: '/team/' })
  const { AccessKey } = await call('CreateAccessKey', { UserName: 'ada' })
  const { AccessKeyId, SecretAccessKey } = AccessKey as { AccessKeyId: string; SecretAccessKey: string }
  const { User } = await call('GetUser', { UserName: 'ada' })
  const credential = {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    isActive: true,
    principal: {
      kind: 'user',
      account: ACCOUNT,
      arn: `arn:aws:iam::${ACCOUNT}:user/team/ada`,
      userId: (User as { UserId: string }).UserId,
      accessKeyId: AccessKeyId,
    },
  }
  assert.deepEqual(await here.credentials.find(AccessKeyId), credential)
  assert.deepEqual(here.credentials.find(AccessKeyId), credential)
  assert.deepEqual(await there.credentials.find(AccessKeyId), credential)
  assert.equal(await here.credentials.find('AKIAAAAAAAAAAAAAAAAA'), undefined)
  assert.equal(await here.credentials.find('../user/x'), undefined)
})

test('what is done to a key or its user counts from the next request, whichever process did it', async (t) => {
  const { here, there, call, keyOf } = await iamWorld(t)
  await call('CreateUser', { UserName: 'ada' })
  const { accessKeyId: AccessKeyId } = await keyOf('ada')
  await there.credentials.find(AccessKeyId)
  await call('UpdateAccessKey', { UserName: 'ada', AccessKeyId, Status: 'Inactive' })
  for (const one of [here, there]) assert.equal((await one.credentials.find(AccessKeyId))?.isActive, false)
  await call('UpdateUser', { UserName: 'ada', NewUserName: 'grace' })
  for (const one of [here, there])
    assert.equal(
      (await one.credentials.find(AccessKeyId))?.principal.arn,
      `arn:aws:iam::${ACCOUNT}:user/grace`,
    )
  await call('DeleteAccessKey', { UserName: 'grace', AccessKeyId })
  for (const one of [here, there]) assert.equal(await one.credentials.find(AccessKeyId), undefined)
})

test('a user may do what its own policies and the attached ones say, as they are now', async (t) => {
  const { here, there, call, keyOf } = await iamWorld(t)
  await call('CreateUser', { UserName: 'ada', Tags: [{ Key: 'team', Value: 'data' }] })
  await call('CreatePolicy', { PolicyName: 'put', PolicyDocument: allowing('a:b') })
  const { principal } = await keyOf('ada')
  const both = async () => {
    const [one, other] = [
      await here.credentials.policiesOf(principal),
      await there.credentials.policiesOf(principal),
    ]
    assert.deepEqual(one, other)
    return one
  }
  assert.deepEqual(await both(), { identity: [], tags: { team: 'data' } })
  await call('PutUserPolicy', { UserName: 'ada', PolicyName: 'p', PolicyDocument: allowing('c:d') })
  await call('AttachUserPolicy', { UserName: 'ada', PolicyArn: policyArn('put') })
  assert.deepEqual((await both()).identity, [allowing('c:d'), allowing('a:b')])
  const newer = { PolicyArn: policyArn('put'), PolicyDocument: allowing('e:f'), SetAsDefault: true }
  await call('CreatePolicyVersion', newer)
  await call('DeleteUserPolicy', { UserName: 'ada', PolicyName: 'p' })
  assert.deepEqual((await both()).identity, [allowing('e:f')])
  await call('PutUserPermissionsBoundary', { UserName: 'ada', PermissionsBoundary: policyArn('put') })
  assert.equal((await both()).boundary, allowing('e:f'))
})

test('of two users of one name each has only its own policies', async (t) => {
  const { here, call, keyOf } = await iamWorld(t)
  const make = async () => {
    await call('CreateUser', { UserName: 'ada' })
    return await keyOf('ada')
  }
  const { principal: former, accessKeyId: AccessKeyId } = await make()
  await call('DeleteAccessKey', { UserName: 'ada', AccessKeyId })
  await call('DeleteUser', { UserName: 'ada' })
  const { principal } = await make()
  await call('PutUserPolicy', { UserName: 'ada', PolicyName: 'p', PolicyDocument: allowing() })
  assert.deepEqual((await here.credentials.policiesOf(principal)).identity, [allowing()])
  assert.deepEqual(await here.credentials.policiesOf({ ...former, accessKeyId: '' }), OF_NOBODY)
})

test('a role is found by its whole ARN, with all that it is given', async (t) => {
  const { here, call } = await iamWorld(t)
  const role = { RoleName: 'delivery', Path: '/service-role/', AssumeRolePolicyDocument: TRUST }
  await call('CreateRole', role)
  await call('PutRolePolicy', { RoleName: 'delivery', PolicyName: 'p', PolicyDocument: allowing() })
  const arn = `arn:aws:iam::${ACCOUNT}:role/service-role/delivery`
  const found = await here.roles.roleOf(arn)
  assert.match(found?.roleId ?? '', /^AROA/)
  assert.deepEqual(
    [found?.arn, found?.trust, found?.policies, found?.maxSessionDurationSeconds],
    [arn, TRUST, [allowing()], 3600],
  )
  for (const other of [
    `arn:aws:iam::${ACCOUNT}:role/delivery`,
    `arn:aws:iam::${ACCOUNT}:role/service-role/Delivery`,
    `arn:aws:iam::111111111111:role/service-role/delivery`,
    `arn:aws:iam::${ACCOUNT}:user/service-role/delivery`,
    'delivery',
  ])
    assert.equal(await here.roles.roleOf(other), undefined, other)
})

test('when a key was last used is written every quarter of an hour', async (t) => {
  const { here, time, call, keyOf } = await iamWorld(t)
  await call('CreateUser', { UserName: 'ada' })
  const { accessKeyId } = await keyOf('ada')
  const used = async (region: string) => {
    here.lastUses.note({ accessKeyId, service: 'kinesis', region })
    await here.lastUses.close()
    return (await call('GetAccessKeyLastUsed', { AccessKeyId: accessKeyId })).AccessKeyLastUsed
  }
  const first = { LastUsedDate: time.now, ServiceName: 'kinesis', Region: 'us-east-1' }
  assert.deepEqual(await used('us-east-1'), first)
  assert.deepEqual(await used('eu-west-1'), first)
  time.now += 15 * 60_000
  assert.deepEqual(await used('eu-west-1'), { ...first, LastUsedDate: time.now, Region: 'eu-west-1' })
  here.lastUses.note({ accessKeyId: 'AKIAAAAAAAAAAAAAAAAA', service: 's3', region: 'us-east-1' })
  await here.lastUses.close()
})
