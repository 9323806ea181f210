import { required, structure } from '../../service/shape.ts'
import { countsOf } from '../attachments/uses.ts'
import { describedPolicy, policyShape } from '../description.ts'
import { operation } from '../iam.ts'
import { AWS_ACCOUNT } from '../policies/aws-managed.ts'
import { foundPolicy, isOfAws } from '../policies/store.ts'
import { arn } from '../shapes.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetPolicy.html */
export const getPolicy = operation({
  name: 'GetPolicy',
  input: structure({ PolicyArn: required(arn) }),
  output: structure({ Policy: policyShape }),
  async handle(iam, { PolicyArn }, { account }) {
    const policy = await foundPolicy(iam, account, PolicyArn)
    if (!isOfAws(PolicyArn)) return { Policy: describedPolicy(account, policy) }
    return {
      Policy: { ...describedPolicy(AWS_ACCOUNT, policy), ...(await countsOf(iam, account, PolicyArn)) },
    }
  },
})
