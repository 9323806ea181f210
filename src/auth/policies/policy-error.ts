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

  constructor(fault: PolicyFault) {
    super(`the policy's fault: ${Object.values(fault).join(' ')}`)
    this.fault = fault
  }
}
