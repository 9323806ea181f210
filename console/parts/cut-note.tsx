import { countText } from '../texts/quantity.ts'

interface CutNoteProps {
  readonly listed: number
  readonly found: number
  /** `stream`, `bucket`. */
  readonly one: string
}

/** Says that a list goes on; nothing where it is whole. */
export function CutNote({ listed, found, one }: CutNoteProps) {
  return listed < found ? (
    <p class="muted number">
      The first {listed.toLocaleString('en')} of {countText(found, one)}; search for the others.
    </p>
  ) : null
}
