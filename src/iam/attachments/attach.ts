import type { Change } from '../../engine/ports/engine.ts'
import type { Entity, EntityKind, EntityRef } from '../entities/entity.ts'
import { changeTogether } from '../entities/store.ts'
import { mustFirst, policyNotFound, quotaExceeded } from '../exceptions.ts'
import type { Iam } from '../iam.ts'
import { counted } from '../policies/store.ts'

/** Attaching what is attached changes nothing. Throws NoSuchEntity, InvalidInput, or LimitExceeded. */
export const attachPolicy = <E extends Entity>(
  iam: Iam,
  kind: EntityKind<E>,
  ref: EntityRef,
  arn: string,
): Promise<void> =>
  changeTogether(iam, kind, ref, async (entity) => {
    const { attached = [] } = entity
    const also = await counted(iam, { account: ref.account, arn, use: 'attachments' }, 1)
    if (attached.includes(arn)) return { value: entity, also: [] }
    const [quota, most] = kind.quotas.attachedPolicies
    if (attached.length >= most) throw quotaExceeded(quota, most)
    return { value: { ...entity, attached: [...attached, arn] }, also }
  })

/** Throws NoSuchEntity, or InvalidInput. */
export const detachPolicy = <E extends Entity>(
  iam: Iam,
  kind: EntityKind<E>,
  ref: EntityRef,
  arn: string,
): Promise<void> =>
  changeTogether(iam, kind, ref, async (entity) => {
    const { attached = [] } = entity
    const also = await counted(iam, { account: ref.account, arn, use: 'attachments' }, -1)
    if (!attached.includes(arn)) throw policyNotFound(arn)
    return { value: { ...entity, attached: attached.filter((other) => other !== arn) }, also }
  })

/** Puts another permissions boundary in the place of the one that is there, or none. Throws NoSuchEntity, or InvalidInput. */
export const putBoundary = <E extends Entity>(
  iam: Iam,
  kind: EntityKind<E>,
  ref: EntityRef,
  arn: string | undefined,
): Promise<void> =>
  changeTogether(iam, kind, ref, async (entity) => {
    const { boundary: former, ...rest } = entity
    const { account } = ref
    const use = 'boundaries' as const
    const begins = arn === undefined ? [] : await counted(iam, { account, arn, use }, 1)
    if (arn === former) return { value: entity, also: [] }
    const ends = former === undefined ? [] : await counted(iam, { account, arn: former, use }, -1)
    return {
      value: { ...rest, ...(arn !== undefined && { boundary: arn }) } as E,
      also: [...ends, ...begins],
    }
  })

/** What joins the commit that makes an entity with a permissions boundary. Throws NoSuchEntity, or InvalidInput. */
export const boundaryBegins = async (
  iam: Iam,
  account: string,
  arn: string | undefined,
): Promise<Change[]> => (arn === undefined ? [] : await counted(iam, { account, arn, use: 'boundaries' }, 1))

/** What joins the commit that deletes an entity. Throws DeleteConflict while it has policies. */
export async function deletedWith(iam: Iam, account: string, entity: Entity): Promise<Change[]> {
  if (Object.keys(entity.policies ?? {}).length > 0) throw mustFirst('delete policies')
  if ((entity.attached ?? []).length > 0) throw mustFirst('detach all policies')
  const { boundary: arn } = entity
  return arn === undefined ? [] : await counted(iam, { account, arn, use: 'boundaries' }, -1)
}
