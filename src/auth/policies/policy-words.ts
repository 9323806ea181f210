import type { PolicyKind } from './policy.ts'
import type { PolicyFault } from './policy-error.ts'

const SYNTAX = 'Syntax errors in policy.'

/** What IAM and STS say of a policy that is none. */
export function policyWords(fault: PolicyFault, kind: PolicyKind): string {
  switch (fault.what) {
    case 'json':
      return kind === 'trust' ? 'This policy contains invalid Json' : SYNTAX
    case 'version':
      return 'Policy document must be version 2012-10-17 or greater.'
    case 'doubled Sid':
      return 'Statement IDs (SID) in a single policy must be unique.'
    case 'missing':
      return missing(fault.member, kind)
    case 'prohibited':
      return fault.member.endsWith('Principal')
        ? 'Policy document should not specify a principal.'
        : `Has prohibited field ${fault.member}`
    case 'action':
      return 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.'
    case 'resource':
      return `Resource ${fault.value} must be in ARN format or "*".`
    case 'principal':
      return `Invalid principal in policy: ${fault.value}`
    case 'operator':
      return `Invalid Condition type : ${fault.value}.`
    default:
      return SYNTAX
  }
}

function missing(member: string, kind: PolicyKind): string {
  if (kind === 'trust' && member !== 'Statement') return `Missing required field ${member}`
  if (member.includes('Action')) return 'Policy statement must contain actions.'
  return member.includes('Resource') ? 'Policy statement must contain resources.' : SYNTAX
}
