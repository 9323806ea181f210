import { test } from 'node:test'
import { iamLab, policyArn, refused } from './iam-lab.ts'

test('DetachUserPolicy gives the policy free', async (t) => {
  const { iam } = await iamLab(t)
  const detach = () => iam.detachUserPolicy({ UserName: 'ada', PolicyArn: policyArn('put') })
  await iam.attachUserPolicy({ UserName: 'ada', PolicyArn: policyArn('put') })
  await refused(
    iam.deletePolicy({ PolicyArn: policyArn('put') }),
    'DeleteConflict',
    'Cannot delete a policy attached to entities.',
  )
  await detach()
  await refused(detach(), 'NoSuchEntity', `Policy ${policyArn('put')} was not found.`)
  await iam.deletePolicy({ PolicyArn: policyArn('put') })
})
