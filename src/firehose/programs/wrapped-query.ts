/**
 * What every query finds: what jq 1.6 had and the one in the package has no more; and documents that do not know of
 * one another, however many are given to jq at once.
 */
const PRELUDE = [
  'def leaf_paths: paths(scalars);',
  'def gamma: lgamma;',
  'def input: error("No more inputs");',
  'def inputs: empty;',
  'def input_line_number: 1;',
  'def input_filename: null;',
].join(' ')

/** Of what a program throws. */
const MAX_FAILURE_CHARACTERS = 2000

/** By itself: it compiles only when no bracket of it closes one of ours. */
export const bareProgram = (query: string): string => `${PRELUDE}\n${query}`

/** All that a query gives for a document, or what it failed with, in one line; a comment may end the query. */
export const answeringProgram = (query: string): string =>
  `${PRELUDE} try {values: [\n${query}\n]} catch {failure: tostring[:${MAX_FAILURE_CHARACTERS}]}`

/** The first line of what jq says, without what it says of itself. */
export const reasonOf = (said: string): string =>
  said.split('\n')[0]!.replace(/^jq: error(?: \(at [^)]*\))?: /, '')
