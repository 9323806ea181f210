import { main } from '../../src/cli/main.ts'

export interface Printed {
  readonly code: number
  readonly out: readonly string[]
  readonly err: readonly string[]
}

/** Runs one command line in this process. */
export async function callMain(
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Printed> {
  const [out, err]: [string[], string[]] = [[], []]
  const code = await main(argv, {
    out: (line) => void out.push(line),
    err: (line) => void err.push(line),
    progress: () => undefined,
    env,
  })
  return { code, out, err }
}
