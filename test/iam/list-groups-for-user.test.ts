import assert from 'node:assert/strict'
import { test } from 'node:test'
import { iamLab, refused } from './iam-lab.ts'

test('ListGroupsForUser knows of no groups', async (t) => {
  const { iam } = await iamLab(t)
  assert.deepEqual((await iam.listGroupsForUser({ UserName: 'ada' })).Groups, [])
  await refused(
    iam.listGroupsForUser({ UserName: 'nobody' }),
    'NoSuchEntity',
    'The user with name nobody cannot be found.',
  )
})
