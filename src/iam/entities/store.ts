import type { Change, Document } from '../../engine/ports/engine.ts'
import { untilCommitted } from '../../engine/ports/update.ts'
import { entityExists, entityNotFound, quotaExceeded } from '../exceptions.ts'
import type { Iam } from '../iam.ts'
import { type Entity, type EntityKind, type EntityRef, entityKey, prefixOf } from './entity.ts'

type Metadata = Pick<Iam, 'metadata'>

/** Throws NoSuchEntity. */
export async function foundEntity<E extends Entity>(
  { metadata }: Metadata,
  kind: EntityKind<E>,
  ref: EntityRef,
): Promise<Document<E>> {
  const found = await kind.document.find(metadata, entityKey(kind, ref))
  if (!found) throw entityNotFound(kind.word, ref.name)
  return found
}

/** Throws NoSuchEntity, and whatever `change` throws. */
export const changeEntity = <E extends Entity>(
  { metadata }: Metadata,
  kind: EntityKind<E>,
  ref: EntityRef,
  change: (entity: E) => E,
): Promise<E> =>
  kind.document.update(metadata, entityKey(kind, ref), (entity) => {
    if (!entity) throw entityNotFound(kind.word, ref.name)
    const value = change(entity)
    return { value, result: value }
  })

/** Changes an entity together with other documents, which `decide` reads: what it becomes, undefined to delete it. */
export const changeTogether = <E extends Entity>(
  iam: Metadata,
  kind: EntityKind<E>,
  ref: EntityRef,
  decide: (entity: E) => Promise<{ readonly value: E | undefined; readonly also: readonly Change[] }>,
): Promise<void> =>
  untilCommitted(async () => {
    const { key, value: entity, revision: expect } = await foundEntity(iam, kind, ref)
    const { value, also } = await decide(entity)
    if (value === entity) return
    await iam.metadata.commit([value ? { put: key, value, expect } : { delete: key, expect }, ...also])
  })

/** Throws EntityAlreadyExists, or LimitExceeded. `also` is read anew until nobody was faster. */
export async function createEntity<E extends Entity>(
  { metadata }: Metadata,
  kind: EntityKind<E>,
  { account, entity }: { readonly account: string; readonly entity: E },
  also: () => Promise<readonly Change[]>,
): Promise<void> {
  const key = entityKey(kind, { account, name: entity.name })
  const [quota, most] = kind.quotas.perAccount
  const prefix = prefixOf(kind, account)
  const others = await metadata.list({ prefix, limit: most, damaged: 'left out' })
  await untilCommitted(async () => {
    if (await kind.document.find(metadata, key)) throw entityExists(kind.word, entity.name)
    if (others.length >= most) throw quotaExceeded(quota, most)
    await metadata.commit([{ put: key, value: entity, expect: 'absent' }, ...(await also())])
  })
}

/** Rejects with Damaged. */
export const foundOrNone = async <E extends Entity>(
  { metadata }: Metadata,
  kind: EntityKind<E>,
  ref: EntityRef,
): Promise<E | undefined> => (await kind.document.find(metadata, entityKey(kind, ref)))?.value
