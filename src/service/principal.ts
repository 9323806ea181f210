import { type Arn, formatArn, partitionOf } from './arn.ts'

/**
 * Who makes a call, as IAM names it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export interface Principal {
  /** `anonymous`: nobody signed. In open mode everybody else is the root user of an account. */
  readonly kind: 'root' | 'user' | 'assumed-role' | 'federated-user' | 'anonymous'
  /** Twelve digits; empty for nobody. */
  readonly account: string
  /** `arn:aws:iam::…:user/NAME`, or a session's `…:assumed-role/ROLE/SESSION`; empty for nobody. */
  readonly arn: string
  /** AIDA…, or AROA…:SESSION, or a root user's account; `anonymous` for nobody. */
  readonly userId: string
  /** Empty for nobody. */
  readonly accessKeyId: string
}

export const anonymous: Principal = {
  kind: 'anonymous',
  account: '',
  arn: '',
  userId: 'anonymous',
  accessKeyId: '',
}

/** The account itself, which may do everything in it. */
export const rootOf = ({
  account,
  region,
  accessKeyId,
}: Pick<Arn, 'account' | 'region'> & { readonly accessKeyId: string }): Principal => ({
  kind: 'root',
  account,
  arn: formatArn({ partition: partitionOf(region), service: 'iam', region: '', account, resource: 'root' }),
  userId: account,
  accessKeyId,
})
