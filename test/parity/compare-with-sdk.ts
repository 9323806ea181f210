import type { Operation } from '../../src/service/operation.ts'
import { type Outline, operationsOfSdk, outlineOfSdk, outlineOfShape } from './sdk-schema.ts'

interface Table {
  readonly operations: ReadonlyMap<string, Pick<Operation<never>, 'input' | 'output'>>
  readonly unsupported: readonly string[]
}

/**
 * How a service's declared shapes differ from those of AWS's newest SDK: operations, member names, kinds, and which
 * input members are required. Each difference is one line (`PutRecord.input.Data: not required`); a test expects
 * none, or exactly those it names.
 */
export function compareWithSdk({ operations, unsupported }: Table, sdkModule: object): string[] {
  const theirs = operationsOfSdk(sdkModule)
  const known = new Set([...operations.keys(), ...unsupported])
  const found = [
    ...[...theirs.keys()].filter((name) => !known.has(name)).map((name) => `${name}: not in the table`),
    ...[...known].filter((name) => !theirs.has(name)).map((name) => `${name}: not in the SDK`),
  ]
  for (const [name, { input, output }] of operations) {
    const their = theirs.get(name)
    if (!their) continue
    compare(`${name}.input`, outlineOfShape(input), outlineOfSdk(their.input), true, found)
    compare(`${name}.output`, outlineOfShape(output), outlineOfSdk(their.output), false, found)
  }
  return found
}

/** Ours are the finite declarations, so the walk ends even where the SDK's schemas refer to themselves. */
function compare(path: string, ours: Outline, theirs: Outline, strict: boolean, out: string[]): void {
  if (ours.kind !== theirs.kind) {
    out.push(`${path}: ${ours.kind}, in the SDK ${theirs.kind}`)
    return
  }
  if (ours.value && theirs.value) compare(`${path}[]`, ours.value(), theirs.value(), strict, out)
  if (!ours.members || !theirs.members) return
  for (const [name, our] of ours.members) {
    const their = theirs.members.get(name)
    if (!their) out.push(`${path}.${name}: not in the SDK`)
    else {
      if (strict && our.required !== their.required)
        out.push(`${path}.${name}: ${our.required ? 'required' : 'not required'}`)
      compare(`${path}.${name}`, our.outline(), their.outline(), strict, out)
    }
  }
  for (const name of theirs.members.keys()) if (!ours.members.has(name)) out.push(`${path}.${name}: missing`)
}
