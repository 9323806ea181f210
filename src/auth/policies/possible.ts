import type { Applying } from './evaluate.ts'
import { fits } from './pattern.ts'
import type { Choice, Policy, Statement } from './policy.ts'

type Pattern = Parameters<typeof fits>[0]

/**
 * Whether policies leave any resource and any circumstances in which the action may be done: for who wants to show only
 * what can be done at all. Never no where `evaluate` would allow something.
 */
export function isPossible({ identity, session, boundary }: Applying, action: string): boolean {
  const all = [...identity, ...(session ?? []), ...(boundary ? [boundary] : [])]
  if (all.some((policy) => hasStatement(policy, action, deniesAlways))) return false
  const allows = (policy: Policy) => hasStatement(policy, action, ({ effect }) => effect === 'Allow')
  return identity.some(allows) && (!session || session.some(allows)) && (!boundary || allows(boundary))
}

const hasStatement = (
  { statements }: Policy,
  action: string,
  isWanted: (statement: Statement) => boolean,
): boolean =>
  statements.some((statement) => isWanted(statement) && isChosen(statement.actions, action.toLowerCase()))

const deniesAlways = ({ effect, resources, conditions }: Statement): boolean =>
  effect === 'Deny' && conditions.length === 0 && (!resources || isEverything(resources))

const isEverything = ({ isExcept, listed }: Choice<Pattern>): boolean =>
  !isExcept && listed.some((pattern) => fits(pattern, '', NO_KEYS))

const isChosen = ({ isExcept, listed }: Choice<Pattern>, text: string): boolean =>
  listed.some((pattern) => fits(pattern, text, NO_KEYS)) !== isExcept

const NO_KEYS: Parameters<typeof fits>[2] = new Map()
