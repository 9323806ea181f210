import assert from 'node:assert/strict'
import { test } from 'node:test'
import { iamLab, policyArn } from './iam-lab.ts'

test('ListEntitiesForPolicy names users and roles, by the use that they make of it', async (t) => {
  const { iam } = await iamLab(t)
  const PolicyArn = policyArn('put')
  await iam.attachUserPolicy({ UserName: 'ada', PolicyArn })
  await iam.attachRolePolicy({ RoleName: 'delivery', PolicyArn })
  await iam.createUser({ UserName: 'bob', PermissionsBoundary: PolicyArn })
  const named = async (input: Omit<Parameters<typeof iam.listEntitiesForPolicy>[0], 'PolicyArn'>) => {
    const { PolicyUsers = [], PolicyRoles = [] } = await iam.listEntitiesForPolicy({ PolicyArn, ...input })
    return [PolicyUsers.map(({ UserName }) => UserName), PolicyRoles.map(({ RoleName }) => RoleName)]
  }
  assert.deepEqual(await named({}), [['ada', 'bob'], ['delivery']])
  assert.deepEqual(await named({ EntityFilter: 'Role' }), [[], ['delivery']])
  assert.deepEqual(await named({ EntityFilter: 'Group' }), [[], []])
  assert.deepEqual(await named({ PolicyUsageFilter: 'PermissionsBoundary' }), [['bob'], []])
  assert.deepEqual(await named({ PathPrefix: '/none/' }), [[], []])
  const { PolicyUsers, PolicyRoles, IsTruncated } = await iam.listEntitiesForPolicy({
    PolicyArn,
    MaxItems: 1,
  })
  assert.deepEqual([PolicyUsers, PolicyRoles?.length, IsTruncated], [[], 1, true])
})
