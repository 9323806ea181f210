/** The short form of what shall catch a mutant: a harness's name, or the path of a test file. */
export interface Catcher {
  /** Node's arguments, in the checkout's folder. */
  readonly args: readonly string[]
}

/** Rounds in which a harness has to find a fault; it stops at the first. */
const ROUNDS: Readonly<Record<string, number>> = { model: 60, crash: 60, power: 300, damage: 1 }

export function catcherOf(name: string, seed: number): Catcher {
  if (name.endsWith('.test.ts')) return { args: ['--test', name] }
  const rounds = ROUNDS[name]
  if (rounds === undefined) throw new Error(`nothing that catches mutants is called '${name}'`)
  const options = ['--seed', seed, '--rounds', rounds, '--first'].map(String)
  return { args: ['test/prove/run.ts', name, ...options] }
}
