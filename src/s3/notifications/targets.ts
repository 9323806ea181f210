import type { Access } from '../../service/access.ts'
import type { Destination } from './destination-arn.ts'

/** What is to be told: JSON, of a key, whose messages are told one after the other. */
export interface Message {
  readonly key: string
  readonly body: object
}

/** Why it was not taken; undefined when it was. */
export type Outcome = string | undefined

/** All who can be told. */
export interface Targets {
  /** Why nobody can be told there, in AWS's words where it has some; undefined when somebody can. */
  obstacleOf(destination: Destination): Promise<string | undefined>
  /** What telling is, for whom policies are asked of who wants it; nothing where nobody is asked. */
  accessesTo(destination: Destination): Promise<readonly Access[]>
  /** Tells each of its messages at least once, and says of each what became of it. Never rejects. */
  send(
    destination: Destination,
    messages: readonly Message[],
    signal: AbortSignal,
  ): Promise<readonly Outcome[]>
}

/** Nobody, where S3 is served alone. */
export const noTargets: Targets = {
  obstacleOf: async () => NOBODY,
  accessesTo: async () => [],
  send: async (_, messages) => messages.map(() => NOBODY),
}

const NOBODY = 'The destination queue does not exist'
