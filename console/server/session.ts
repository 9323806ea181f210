import { computed, signal } from '@preact/signals'
import type { SessionView } from '../../src/api/views.ts'

/** Who uses the console, as the server last said; undefined until it first did. */
export const session = signal<SessionView | undefined>(undefined)
/** Why it has not said so yet. */
export const unanswered = signal('')
/** A session ended that nobody here has ended. */
export const hasEnded = signal(false)
export const isConnected = signal(true)

/** Undefined until it is known, and while nobody is signed in. What a page holds is of one of them. */
export const user = computed(() => {
  const { mode, principal } = session.value ?? {}
  if (mode === 'open') return mode
  return principal && `${principal.arn} ${principal.accessKeyId}`
})

/** Takes what the server says of who is there; the same once more is no news. */
export function takeSession(said: SessionView): void {
  if (JSON.stringify(said) === JSON.stringify(session.peek())) return
  hasEnded.value = session.peek()?.principal !== undefined && said.mode === 'closed' && !said.principal
  session.value = said
}

/** The server does not know whoever asked, in what was the session then. */
export function endSession(then: SessionView | undefined): void {
  if (then && then === session.peek()) takeSession({ mode: 'closed', isExposed: then.isExposed })
}

/** The actions that whoever is signed in may do to nothing at all. What is left, the server judges. */
export const lackingOf = (actions: readonly string[]): readonly string[] => {
  const may = session.value?.may
  return may ? actions.filter((action) => !may.includes(action)) : []
}

export const mayDo = (...actions: readonly string[]): boolean => lackingOf(actions).length === 0
