import type { Operation } from '../../src/service/operation.ts'
import { nothing, type Shape } from '../../src/service/shape.ts'
import type { BotocoreModel, BotocoreShape } from './botocore-model.ts'

interface Inputs {
  readonly operations: ReadonlyMap<string, Pick<Operation<never>, 'input'>>
}
interface Table {
  readonly operations: ReadonlyMap<string, Pick<Operation<never>, 'input' | 'output'>>
}

/** The operations that answer nothing here and something in botocore's model, or the other way round. */
export const differentlySilent = ({ operations }: Table, model: BotocoreModel): string[] =>
  [...operations].flatMap(([name, { output }]) => {
    const reference = model.operations[name]
    return reference && (output === nothing) !== (reference.output === undefined) ? [name] : []
  })

/**
 * How the constraints of a service's inputs (length, range, pattern, enum) differ from botocore's model, which has them
 * where the SDK's schemas do not. Operations and members that botocore does not know yet are passed over.
 */
export function compareWithBotocore({ operations }: Inputs, model: BotocoreModel): string[] {
  const found: string[] = []
  for (const [name, { input }] of operations) {
    const reference = model.operations[name]?.input
    if (reference) compare(`${name}.input`, input, model.shapes[reference.shape]!, model, found)
  }
  return found
}

function compare(
  path: string,
  ours: Shape,
  theirs: BotocoreShape,
  model: BotocoreModel,
  out: string[],
): void {
  const [our, their] = [constraintsOfShape(ours), constraintsOfModel(theirs)]
  for (const rule of ['min', 'max', 'pattern', 'values'] as const)
    if (String(our[rule]) !== String(their[rule]))
      out.push(`${path}: ${rule} ${our[rule]}, in botocore ${their[rule]}`)
  const into = (step: string, shape: Shape | undefined, reference: { shape: string } | undefined) => {
    if (shape && reference) compare(`${path}${step}`, shape, model.shapes[reference.shape]!, model, out)
  }
  if (ours.kind === 'list') into('[]', ours.member, theirs.member)
  if (ours.kind === 'map') {
    into('[key]', ours.key, theirs.key)
    into('[value]', ours.value, theirs.value)
  }
  if (ours.kind === 'structure')
    for (const [name, shape] of Object.entries(ours.members)) into(`.${name}`, shape, theirs.members?.[name])
}

interface Constraints {
  readonly min?: number | undefined
  readonly max?: number | undefined
  readonly pattern?: string | undefined
  /** Sorted: the order in which AWS prints them is in no model. */
  readonly values?: string | undefined
}

const sorted = (values: readonly string[] | undefined) => values?.toSorted().join(' ')

const constraintsOfShape = (shape: Shape): Constraints => ({
  ...('min' in shape && { min: shape.min }),
  ...('max' in shape && { max: shape.max }),
  ...('pattern' in shape && { pattern: shape.pattern }),
  ...('values' in shape && { values: sorted(shape.values) }),
})

const constraintsOfModel = ({ min, max, pattern, enum: values }: BotocoreShape): Constraints => ({
  min,
  max,
  pattern,
  values: sorted(values),
})
