import { flag, shape } from '../../engine/ports/checks.ts'
import { boolean, structure } from '../../service/shape.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PublicAccessBlockConfiguration.html */
export interface PublicAccessBlock {
  /** No access control list that lets everybody in is taken. */
  readonly BlockPublicAcls: boolean
  /** Those that there are let in only whom they name. */
  readonly IgnorePublicAcls: boolean
  /** No policy that lets everybody in is taken. */
  readonly BlockPublicPolicy: boolean
  /** One that there is lets in nobody but the bucket's own account. */
  readonly RestrictPublicBuckets: boolean
}

/** Of one that is kept. */
export const publicAccessBlockCheck = shape<PublicAccessBlock>({
  ...{ BlockPublicAcls: flag, IgnorePublicAcls: flag, BlockPublicPolicy: flag, RestrictPublicBuckets: flag },
})

export const publicAccessBlockShape = structure({
  BlockPublicAcls: boolean(),
  IgnorePublicAcls: boolean(),
  BlockPublicPolicy: boolean(),
  RestrictPublicBuckets: boolean(),
})

/** As in every bucket that AWS makes since April 2023. */
const ALL_BLOCKED: PublicAccessBlock = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
}

interface Blocking {
  readonly publicAccessBlock?: PublicAccessBlock | 'none' | undefined
}

/** Undefined: it was deleted, and nothing is blocked. */
export const publicAccessBlockOf = ({
  publicAccessBlock: block = ALL_BLOCKED,
}: Blocking): PublicAccessBlock | undefined => (block === 'none' ? undefined : block)
