import { inlinePoliciesTooLong, inlinePolicyNotFound } from '../exceptions.ts'
import { countedCharacters } from '../policies/policy-document.ts'
import type { Entity, EntityKind } from './entity.ts'

type Kind = Pick<EntityKind<Entity>, 'word' | 'quotas'>

/** Throws LimitExceeded where all of them together are too long. */
export function withInlinePolicy<E extends Entity>(
  { word, quotas }: Kind,
  entity: E,
  name: string,
  document: string,
): E {
  const policies = { ...entity.policies, [name]: document }
  const characters = Object.values(policies).reduce((sum, text) => sum + countedCharacters(text), 0)
  if (characters > quotas.inlinePolicies)
    throw inlinePoliciesTooLong(word, entity.name, quotas.inlinePolicies)
  return { ...entity, policies }
}

/** Throws NoSuchEntity. */
export function inlinePolicyOf({ word }: Kind, entity: Entity, name: string): string {
  const document = new Map(Object.entries(entity.policies ?? {})).get(name)
  if (document === undefined) throw inlinePolicyNotFound(word, name)
  return document
}

/** Throws NoSuchEntity. */
export function withoutInlinePolicy<E extends Entity>(kind: Kind, entity: E, name: string): E {
  inlinePolicyOf(kind, entity, name)
  const { [name]: _gone, ...policies } = entity.policies ?? {}
  return { ...entity, policies }
}
