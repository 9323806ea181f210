import { list, named, oneOf, required, structure } from '../../service/shape.ts'

/** Who owns what is put into a bucket, and whether access control lists count there at all. */
export const OWNERSHIPS = ['BucketOwnerEnforced', 'BucketOwnerPreferred', 'ObjectWriter'] as const
export type ObjectOwnership = (typeof OWNERSHIPS)[number]

export const ownershipControls = structure({
  Rules: named(
    'Rule',
    required(list(structure({ ObjectOwnership: required(oneOf(...OWNERSHIPS)) }), { flattened: true })),
  ),
})

interface Owned {
  readonly ownership?: ObjectOwnership | 'none' | undefined
}

/** Undefined: the controls were deleted. As in every bucket that AWS makes since April 2023, it is enforced until it is said. */
export const ownershipOf = ({ ownership = 'BucketOwnerEnforced' }: Owned): ObjectOwnership | undefined =>
  ownership === 'none' ? undefined : ownership

/** Where the bucket's owner is enforced, lists are off. */
export const hasAcls = (bucket: Owned): boolean => ownershipOf(bucket) !== 'BucketOwnerEnforced'
