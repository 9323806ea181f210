import { overview } from '../server/live.ts'

/** Says on every screen what a client may have got wrong, where nothing is wrong with the server. */
export function Hints() {
  const { hints = [] } = overview.value ?? {}
  if (hints.length === 0) return null
  return (
    <div role="note" class="notice warn">
      {hints.map((hint) => (
        <p key={hint}>{hint}.</p>
      ))}
    </div>
  )
}
