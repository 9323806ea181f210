import { fits, parsePattern } from '../../auth/policies/pattern.ts'
import { type Policy, parsePolicy, type Statement } from '../../auth/policies/policy.ts'
import { PolicyError, type PolicyFault } from '../../auth/policies/policy-error.ts'
import { malformedPolicy, policyTooLarge } from '../exceptions.ts'
import { BUCKET_ACTIONS, OBJECT_ACTIONS } from './actions.ts'

const MAX_BYTES = 20 * 1024

/**
 * A policy as S3 takes it for a bucket. Throws MalformedPolicy.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html
 */
export function checkedPolicy(text: string, bucketArn: string): Policy {
  if (Buffer.byteLength(text) > MAX_BYTES) throw policyTooLarge()
  const policy = parsedPolicy(text)
  if (policy.statements.length === 0) throw malformedPolicy('Could not parse the policy: Statement is empty!')
  for (const statement of policy.statements) checkStatement(statement, bucketArn)
  return policy
}

function parsedPolicy(text: string): Policy {
  try {
    return parsePolicy(text, 'resource')
  } catch (error) {
    if (error instanceof PolicyError) throw malformedPolicy(wordsOf(error.fault))
    throw error
  }
}

/** S3's words for what is wrong with every policy of a resource. */
function wordsOf(fault: PolicyFault): string {
  switch (fault.what) {
    case 'json':
      return "Policies must be valid JSON and the first byte must be '{'"
    case 'missing':
      return `Missing required field ${fault.member}`
    case 'unknown':
      return `Unknown field ${fault.member}`
    case 'version':
      return 'The policy must contain a valid version string'
    case 'effect':
      return `Invalid effect: ${fault.value}`
    case 'action':
      return 'Policy has invalid action'
    case 'resource':
      return 'Policy has invalid resource'
    case 'principal':
      return 'Invalid principal in policy'
    case 'operator':
      return `Invalid Condition type : ${fault.value}`
    case 'condition key':
      return 'Policy has an invalid condition key'
    default:
      return 'Invalid policy syntax.'
  }
}

function checkStatement({ written, conditions, actions }: Statement, bucketArn: string): void {
  const { resources } = written
  for (const resource of resources)
    if (!isOfBucket(resource, bucketArn)) throw malformedPolicy('Policy has invalid resource')
  for (const { key } of conditions)
    if (!/^(aws|s3|jwt|saml|sts|iam):/.test(key)) throw malformedPolicy('Policy has an invalid condition key')
  const isForBucket = resources.some((resource) => !resource.includes('/'))
  const isForObjects = resources.some((resource) => resource.includes('/') || resource.endsWith('*'))
  for (const action of written.actions) {
    if (!matchesAny(action, BUCKET_ACTIONS) && !matchesAny(action, OBJECT_ACTIONS))
      throw malformedPolicy('Policy has invalid action')
    const applies =
      actions.isExcept ||
      (isForBucket && matchesAny(action, BUCKET_ACTIONS)) ||
      (isForObjects && matchesAny(action, OBJECT_ACTIONS))
    if (!applies) throw malformedPolicy('Action does not apply to any resource(s) in statement')
  }
}

/** A wildcard may stand behind the bucket's name, not in the place of it. */
const isOfBucket = (resource: string, bucketArn: string): boolean =>
  resource === bucketArn || resource === `${bucketArn}*` || resource.startsWith(`${bucketArn}/`)

const NO_KEYS = new Map()

function matchesAny(action: string, known: readonly string[]): boolean {
  const pattern = parsePattern(action.toLowerCase(), { hasWildcards: true, hasVariables: false })
  return known.some((name) => fits(pattern, `s3:${name}`.toLowerCase(), NO_KEYS))
}
