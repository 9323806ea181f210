/** How a harness is run: the same seed and rounds do the same again, as far as it depends on us. */
export interface Run {
  readonly seed: number
  readonly rounds: number
  /** It may end with the first broken promise. */
  readonly isFirstEnough?: boolean
  /** One of the harness's stages, when not all of them. */
  readonly only?: string
  /** Takes a line of progress. */
  say(line: string): void
}

/** What it came to: a table, and in words every promise that was not kept. */
export interface Verdict {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (string | number)[])[]
  readonly failures: readonly string[]
  /** Why nothing was looked for here, and what would help. */
  readonly skipped?: string
}

/** Looks for what breaks a promise of the README, for as long as it is let. */
export interface Harness {
  /** What `npm run prove` does without `--rounds`. */
  readonly rounds: number
  /** Where it has parts that can be run alone. */
  readonly stages?: readonly string[]
  prove(run: Run): Promise<Verdict>
}
