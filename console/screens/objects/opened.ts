import { effect, signal } from '@preact/signals'
import { user } from '../../server/session.ts'

export interface OpenedObject {
  readonly bucket: string
  readonly key: string
}

/** The last object without newlines between its records that this page has shown: the lab's checklist tells of it. */
export const openedWithoutNewlines = signal<OpenedObject | undefined>(undefined)

// Another user has opened none.
effect(() => {
  void user.value
  openedWithoutNewlines.value = undefined
})
