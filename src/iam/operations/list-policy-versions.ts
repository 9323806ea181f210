import { list, required, structure } from '../../service/shape.ts'
import { listedVersion, versionShape } from '../description.ts'
import { operation } from '../iam.ts'
import { pageOf } from '../paging.ts'
import { foundPolicy } from '../policies/store.ts'
import { arn, pageEnd, paging } from '../shapes.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListPolicyVersions.html */
export const listPolicyVersions = operation({
  name: 'ListPolicyVersions',
  input: structure({ PolicyArn: required(arn), ...paging }),
  output: structure({ Versions: list(versionShape), ...pageEnd }),
  async handle(iam, input, { account }) {
    const policy = await foundPolicy(iam, account, input.PolicyArn)
    // The newest first, as AWS lists them.
    const orderOf = ({ number }: { readonly number: number }) => String(1e9 - number).padStart(10, '0')
    const { items, rest } = pageOf(policy.versions, orderOf, input)
    return { Versions: items.map((version) => listedVersion(policy, version)), ...rest }
  },
})
