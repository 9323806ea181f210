import assert from 'node:assert/strict'
import { test } from 'node:test'
import { iamLab, refused, TRUST } from './iam-lab.ts'

test('ListRoles goes page by page, below a path', async (t) => {
  const { iam } = await iamLab(t)
  for (const one of ['a', 'b', 'c'])
    await iam.createRole({ RoleName: one, AssumeRolePolicyDocument: TRUST, Path: '/below/' })
  const first = await iam.listRoles({ PathPrefix: '/below/', MaxItems: 2 })
  assert.deepEqual([first.Roles?.map(({ RoleName }) => RoleName), first.IsTruncated], [['a', 'b'], true])
  const last = await iam.listRoles({ PathPrefix: '/below/', MaxItems: 2, Marker: first.Marker })
  assert.deepEqual(
    [last.Roles?.map(({ RoleName }) => RoleName), last.IsTruncated, last.Marker],
    [['c'], false, undefined],
  )
  const all = await iam.listRoles({})
  assert.deepEqual(
    all.Roles?.map(({ RoleName }) => RoleName),
    ['a', 'b', 'c', 'delivery'],
  )
  await refused(iam.listRoles({ Marker: 'none' }), 'ValidationError', 'Invalid Marker.')
})
