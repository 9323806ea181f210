import type { Shape } from '../shape.ts'
import type { Constraint } from './constraints.ts'

/**
 * Whether a value keeps to its shape in everything that nobody waives. Says nothing of what is wrong: `validate` looks
 * for that, and judges it again.
 */
export type Fits = (shape: Shape, value: unknown) => boolean

type Check = (value: unknown) => boolean

/** The check of each shape is put together once. */
export function createFits(constraintsFor: (shape: Shape) => readonly Constraint[]): Fits {
  const built = new WeakMap<Shape, Check>()
  const checkOf = (shape: Shape): Check => {
    let check = built.get(shape)
    if (!check) {
      check = build(shape)
      built.set(shape, check)
    }
    return check
  }
  const build = (shape: Shape): Check => {
    const holds = constraintsFor(shape).map((constraint) => constraint.holds)
    const within = ofParts(shape)
    const isOptional = shape.required !== true
    return (value) => {
      if (value === undefined || value === null) return isOptional
      for (const isHeld of holds) if (!isHeld(value)) return false
      return within(value)
    }
  }
  /** Of lists and maps whose parts are not structures, and so of all else, their own constraints tell. */
  const ofParts = (shape: Shape): Check => {
    if (shape.kind === 'structure') return ofMembers(Object.entries(shape.members))
    if (shape.kind === 'list' && shape.member.kind === 'structure') {
      const isFit = checkOf(shape.member)
      return (value) => (value as unknown[]).every(isFit)
    }
    if (shape.kind === 'map' && shape.value.kind === 'structure') {
      const isFit = checkOf(shape.value)
      return (value) => Object.values(value as object).every(isFit)
    }
    return () => true
  }
  const ofMembers = (members: readonly (readonly [string, Shape])[]): Check => {
    const checks = members.map(([name, shape]) => [name, checkOf(shape)] as const)
    return (value) => {
      for (const [name, isFit] of checks)
        if (!isFit((value as Readonly<Record<string, unknown>>)[name])) return false
      return true
    }
  }
  return (shape, value) => checkOf(shape)(value)
}
