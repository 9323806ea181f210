/** What is wrong with a policy; each service has its own words for it. */
export type PolicyFault =
  /** It is no JSON object. */
  | { readonly what: 'json' }
  /** A member has not the form that it has to have. */
  | { readonly what: 'syntax' | 'version' | 'doubled Sid' }
  | { readonly what: 'missing' | 'unknown' | 'prohibited'; readonly member: string }
  | {
      readonly what: 'effect' | 'action' | 'resource' | 'principal' | 'operator' | 'condition key'
      readonly value: string
    }

export class PolicyError extends Error {
  override readonly name = 'PolicyError'
  readonly fault: PolicyFault

  /** The message goes on behind a colon. */
  constructor(fault: PolicyFault) {
    super(reasonOf(fault))
    this.fault = fault
  }
}

/** Of a service whose own words are not known. */
function reasonOf(fault: PolicyFault): string {
  switch (fault.what) {
    case 'json':
      return 'it is not JSON'
    case 'syntax':
      return 'a member of it has not the form that it has to have'
    case 'version':
      return 'its Version is neither 2012-10-17 nor 2008-10-17'
    case 'doubled Sid':
      return 'two of its statements have the same Sid'
    case 'missing':
      return `${fault.member === 'Statement' ? 'it' : 'a statement'} has no ${fault.member}`
    case 'unknown':
      return `it has a member ${fault.member}, which there is not`
    case 'prohibited':
      return `a statement has a ${fault.member}, which has no place there`
    default:
      return `${fault.value} is no ${fault.what}`
  }
}
