import assert from 'node:assert/strict'
import { test } from 'node:test'
import { iamLab, refused } from './iam-lab.ts'

test('ListUsers goes page by page, below a path', async (t) => {
  const { iam } = await iamLab(t)
  for (const one of ['a', 'b', 'c']) await iam.createUser({ UserName: one, Path: '/below/' })
  const first = await iam.listUsers({ PathPrefix: '/below/', MaxItems: 2 })
  assert.deepEqual([first.Users?.map(({ UserName }) => UserName), first.IsTruncated], [['a', 'b'], true])
  const last = await iam.listUsers({ PathPrefix: '/below/', MaxItems: 2, Marker: first.Marker })
  assert.deepEqual(
    [last.Users?.map(({ UserName }) => UserName), last.IsTruncated, last.Marker],
    [['c'], false, undefined],
  )
  const all = await iam.listUsers({})
  assert.deepEqual(
    all.Users?.map(({ UserName }) => UserName),
    ['a', 'ada', 'b', 'c'],
  )
  await refused(iam.listUsers({ Marker: 'none' }), 'ValidationError', 'Invalid Marker.')
})
