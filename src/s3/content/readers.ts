/**
 * Which contents in pieces are being read, and which are being given back; never the same one. A blob goes on to be
 * read after it was deleted, but not the next ones of the same object. Of this process: what another one gives back
 * breaks off a read here, so that nobody takes a part for the whole.
 */
export interface Readers {
  /** Keeps a content until `leave`; false when it is being given back, so that its object was replaced. */
  enter(id: string): boolean
  leave(id: string): void
  /** Runs `giveBack` while nobody can enter; false, and nothing is done, while somebody reads. */
  whenUnread(id: string, giveBack: () => Promise<void>): Promise<boolean>
}

/** `released`: somebody has left for whom something waits. */
export function createReaders(released: () => void): Readers {
  const reading = new Map<string, number>()
  const goingAway = new Set<string>()
  const waitedFor = new Set<string>()
  return {
    enter(id) {
      if (goingAway.has(id)) return false
      reading.set(id, (reading.get(id) ?? 0) + 1)
      return true
    },
    leave(id) {
      const others = reading.get(id)! - 1
      if (others > 0) return void reading.set(id, others)
      reading.delete(id)
      if (waitedFor.delete(id)) released()
    },
    async whenUnread(id, giveBack) {
      if (reading.has(id)) {
        waitedFor.add(id)
        return false
      }
      goingAway.add(id)
      try {
        await giveBack()
      } finally {
        goingAway.delete(id)
      }
      return true
    },
  }
}
