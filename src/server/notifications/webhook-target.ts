import type { Message, Outcome } from '../../s3/notifications/targets.ts'

/** Requests to one webhook at the same time. */
const AT_ONCE = 8

/**
 * POSTs each message; those of a key one after the other, and none behind one that was not taken. Never rejects.
 */
export async function tellWebhook(
  post: (body: object) => Promise<void>,
  messages: readonly Message[],
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = new Array(messages.length)
  const turns = [...Map.groupBy(messages.keys(), (index) => messages[index]!.key).values()]
  const tellInTurn = async (indexes: readonly number[]) => {
    let why: string | undefined
    for (const index of indexes) {
      why ??= await post(messages[index]!.body).then(
        () => undefined,
        (error: Error) => error.message,
      )
      outcomes[index] = why
    }
  }
  const worker = async () => {
    for (let next = turns.shift(); next; next = turns.shift()) await tellInTurn(next)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  return outcomes
}

/** Why nobody can be told. */
export const noWebhook = (name: string): string =>
  `The destination queue does not exist: the server was not started with --webhook ${name}=URL`
