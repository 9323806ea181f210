import assert from 'node:assert/strict'
import { test } from 'node:test'
import { iamLab } from './iam-lab.ts'

test('ListRoleTags goes page by page', async (t) => {
  const { iam } = await iamLab(t)
  await iam.tagRole({
    RoleName: 'delivery',
    Tags: [
      { Key: 'b', Value: '2' },
      { Key: 'a', Value: '1' },
    ],
  })
  const first = await iam.listRoleTags({ RoleName: 'delivery', MaxItems: 1 })
  assert.deepEqual([first.Tags, first.IsTruncated], [[{ Key: 'a', Value: '1' }], true])
  const last = await iam.listRoleTags({ RoleName: 'delivery', Marker: first.Marker })
  assert.deepEqual([last.Tags, last.IsTruncated], [[{ Key: 'b', Value: '2' }], false])
})
