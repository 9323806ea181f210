import { uniqueIdOf } from '../../auth/unique-id.ts'
import { partitionOf } from '../../service/arn.ts'
import { required, structure } from '../../service/shape.ts'
import { describedPolicy, policyShape } from '../description.ts'
import { policyExists, quotaExceeded } from '../exceptions.ts'
import { operation } from '../iam.ts'
import { type ManagedPolicy, policiesPrefix, policyDocument, policyKey } from '../policies/managed-policy.ts'
import { checkManagedPolicy } from '../policies/policy-document.ts'
import { policyDescription, policyName, policyPath, policyText, tags } from '../shapes.ts'
import { withTags } from '../tagging.ts'

const MOST_POLICIES = 1_500

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html */
export const createPolicy = operation({
  name: 'CreatePolicy',
  input: structure({
    PolicyName: required(policyName),
    Path: policyPath,
    PolicyDocument: required(policyText),
    Description: policyDescription,
    Tags: tags,
  }),
  output: structure({ Policy: policyShape }),
  async handle({ metadata, clock, random }, input, caller) {
    const { account, region } = caller
    const { PolicyName: name, Path: path = '/', PolicyDocument: document, Description: description } = input
    checkManagedPolicy(document)
    const now = clock.now()
    const policy = withTags<ManagedPolicy>(
      {
        ...{ name, path, id: uniqueIdOf('ANPA', account, random), partition: partitionOf(region) },
        ...(description !== undefined && { description }),
        ...{ createdAt: now, updatedAt: now, versions: [{ number: 1, document, createdAt: now }] },
        ...{ defaultVersion: 1, lastVersion: 1, attachments: 0, boundaries: 0 },
      },
      input.Tags ?? [],
    )
    const prefix = policiesPrefix(account)
    const others = await metadata.list({ prefix, limit: MOST_POLICIES, damaged: 'left out' })
    if (others.length >= MOST_POLICIES) throw quotaExceeded('PoliciesPerAccount', MOST_POLICIES)
    await policyDocument.update(metadata, policyKey(account, name), (existing) => {
      if (existing) throw policyExists(name)
      return { value: policy, result: undefined }
    })
    return { Policy: describedPolicy(account, policy) }
  },
})
