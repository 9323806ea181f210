import { parsePolicy } from '../../auth/policies/policy.ts'
import { PolicyError } from '../../auth/policies/policy-error.ts'
import { policyWords } from '../../auth/policies/policy-words.ts'
import { malformedSessionPolicy, packedPolicyTooLarge, tooManyPolicyArns } from '../exceptions.ts'
import type { Sts } from '../sts.ts'

const MOST_ARNS = 10
const MOST_CHARACTERS = 2_048

interface Given {
  readonly Policy?: string | undefined
  readonly PolicyArns?: readonly { readonly arn?: string | undefined }[] | undefined
  readonly Tags?: readonly { readonly Key: string; readonly Value: string }[] | undefined
}

/**
 * What a session may do at most: documents as they are now. Undefined where nothing is said. Throws
 * MalformedPolicyDocument, PackedPolicyTooLarge, or ValidationError.
 */
export async function sessionPoliciesOf(
  { iam }: Pick<Sts, 'iam'>,
  account: string,
  { Policy, PolicyArns = [], Tags = [] }: Given,
): Promise<{ readonly documents: readonly string[] | undefined; readonly packedPercent: number }> {
  if (PolicyArns.length > MOST_ARNS) throw tooManyPolicyArns(MOST_ARNS)
  const arns = PolicyArns.map(({ arn = '' }) => arn)
  const texts = [...(Policy === undefined ? [] : [Policy]), ...arns]
  const characters = texts.reduce((sum, text) => sum + text.length, 0)
  const percentOf = (count: number) => Math.ceil((100 * count) / MOST_CHARACTERS)
  if (characters > MOST_CHARACTERS) throw packedPolicyTooLarge(percentOf(characters))
  if (Policy !== undefined) checkSessionPolicy(Policy)
  const ofArns = await Promise.all(arns.map((arn) => documentOf(iam, account, arn)))
  const documents = texts.length === 0 ? undefined : [...(Policy === undefined ? [] : [Policy]), ...ofArns]
  const tagged = Tags.reduce((sum, { Key, Value }) => sum + Key.length + Value.length, 0)
  return { documents, packedPercent: Math.min(100, percentOf(characters + tagged)) }
}

function checkSessionPolicy(document: string): void {
  try {
    parsePolicy(document, 'identity')
  } catch (error) {
    if (error instanceof PolicyError) throw malformedSessionPolicy(policyWords(error.fault, 'identity'))
    throw error
  }
}

async function documentOf(iam: Sts['iam'], account: string, arn: string): Promise<string> {
  const document = await iam.policyDocumentOf(account, arn)
  if (document === undefined)
    throw malformedSessionPolicy(`Policy ${arn} does not exist or is not attachable.`)
  return document
}
