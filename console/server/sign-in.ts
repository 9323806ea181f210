import { effect } from '@preact/signals'
import type { SessionView } from '../../src/api/views.ts'
import { ApiError, get, post, remove } from './api.ts'
import { poll } from './polling.ts'
import { hasEnded, isConnected, session, takeSession, unanswered, user } from './session.ts'

/** What was changed elsewhere: another tab's sign-out, a key's policies. */
const LOOK_MS = 5_000
/** Whoever waits at the form may be signed in by another tab. */
const WAITING_MS = 1_000

export interface Keys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/** Exchanges a key for a session, which the browser keeps where no script can read it. */
export async function signIn(keys: Keys): Promise<void> {
  takeSession(await post<SessionView>('session', keys))
}

export async function signOut(): Promise<void> {
  const said = await remove<SessionView>('session')
  takeSession(said)
  hasEnded.value = false
}

/** Looks who is there, for as long as the page is seen. */
export function startSession(): void {
  effect(() => poll(look, user.value === undefined ? WAITING_MS : LOOK_MS))
}

async function look(signal: AbortSignal): Promise<void> {
  const before = session.peek()
  try {
    const said = await get<SessionView>('session', {}, signal)
    isConnected.value = true
    unanswered.value = ''
    // Whoever has signed in or out meanwhile knows better.
    if (!signal.aborted && session.peek() === before) takeSession(said)
  } catch (failure) {
    if (failure instanceof ApiError) unanswered.value = failure.message
    else if (!signal.aborted || signal.reason?.name === 'TimeoutError') {
      isConnected.value = false
      unanswered.value = 'Standpipe does not answer.'
    }
  }
}
