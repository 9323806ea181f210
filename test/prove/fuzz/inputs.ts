import type { Shape, StructureShape } from '../../../src/service/shape.ts'
import type { Seeded } from '../seeded.ts'
import { forgedTokens, oddNumber, oddText, oddValue } from './odd-values.ts'

/** Members whose texts we hand out and get back. */
const TOKENS = /token|iterator|marker|uploadid|versionid|sequencenumber|recordid|^next$/i
const MOST_KNOWN = 30

/** What stands for real things in requests: by member, in the order in which it was seen. */
export function createKnown() {
  const known = new Map<string, string[]>()
  const add = (name: string, text: string) => {
    const texts = known.get(name) ?? []
    if (!texts.includes(text)) known.set(name, [...texts, text].slice(-MOST_KNOWN))
  }
  return {
    add,
    /** Every text of an answer, under its member's name. */
    learn(value: unknown, name = ''): void {
      if (typeof value === 'string') add(name, value)
      else if (typeof value === 'object' && value !== null)
        for (const [key, item] of Object.entries(value)) this.learn(item, Array.isArray(value) ? name : key)
    },
    forget: () => known.clear(),
    of: (name: string): readonly string[] => known.get(name) ?? [],
  }
}
export type Known = ReturnType<typeof createKnown>

export interface InputOptions {
  readonly random: Seeded
  readonly known: Known
  /** ms since 1970 of the server's clock. */
  readonly now: number
}

/** Inputs that are nearly right, each with something odd here and there. */
export function createInputs({ random, known, now }: InputOptions) {
  const forged = forgedTokens(now)

  function textOf(name: string, shape: Extract<Shape, { kind: 'string' }>): unknown {
    if (TOKENS.test(name) && random.below(3) === 0) return random.pick(forged)
    const texts = known.of(name)
    if (texts.length > 0 && random.below(10) > 0) return random.pick(texts)
    if (shape.values && random.below(8) > 0) return random.pick(shape.values)
    return random.below(3) === 0 ? oddText(random) : `name-${random.below(4)}`
  }

  function numberOf({ min = 0, max = 1_000 }: Extract<Shape, { min?: number; max?: number }>): unknown {
    if (random.below(6) === 0) return oddNumber(random)
    return random.pick([min, max, min - 1, max + 1, 1, 2, min + random.below(5)])
  }

  function valueFor(name: string, shape: Shape): unknown {
    if (random.below(30) === 0) return oddValue(random)
    switch (shape.kind) {
      case 'structure':
        return structureFor(shape)
      case 'list':
        return Array.from({ length: random.pick([0, 1, 1, 2, 3]) }, () => valueFor(name, shape.member))
      case 'map':
        return Object.fromEntries(
          Array.from({ length: random.below(3) }, () => [oddText(random), valueFor('', shape.value)]),
        )
      case 'string':
        return textOf(name, shape)
      case 'integer':
      case 'long':
      case 'double':
        return numberOf(shape)
      case 'boolean':
        return random.below(2) === 0
      case 'timestamp':
        return random.pick([now / 1_000, now, 0, -1, 1e300, oddNumber(random)])
      default:
        return Buffer.from(oddText(random))
    }
  }

  function structureFor({ members }: StructureShape): Record<string, unknown> {
    const input: Record<string, unknown> = {}
    for (const [name, shape] of Object.entries(members))
      if (random.below(shape.required ? 30 : 4) > (shape.required ? 0 : 2))
        input[name] = valueFor(name, shape)
    if (random.below(25) > 0) return input
    // A member as any other, also one that is called `__proto__`.
    return { ...input, ...Object.fromEntries([[oddText(random), oddValue(random)]]) }
  }
  return { valueFor, structureFor }
}
export type Inputs = ReturnType<typeof createInputs>
