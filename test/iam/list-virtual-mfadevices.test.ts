import assert from 'node:assert/strict'
import { test } from 'node:test'
import { iamLab } from './iam-lab.ts'

test('ListVirtualMFADevices says that there are none', async (t) => {
  const { iam } = await iamLab(t)
  const { VirtualMFADevices, IsTruncated } = await iam.listVirtualMFADevices({ AssignmentStatus: 'Assigned' })
  assert.deepEqual([VirtualMFADevices, IsTruncated], [[], false])
})
