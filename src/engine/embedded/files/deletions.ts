/** Files that nobody needs any more go at once, or, while somebody copies the folder, when that is done. */
export interface Deletions {
  /** Resolves when it is done, or is kept for later. A crash in between leaves what the next start takes away. */
  run(work: () => Promise<void>): Promise<void>
  /** Keeps all that comes until the function that is returned is called, which does it. */
  hold(): () => Promise<void>
}

export function createDeletions(onFailure: (error: unknown) => void): Deletions {
  let holds = 0
  let kept: (() => Promise<void>)[] = []
  return {
    async run(work) {
      if (holds === 0) await work()
      else kept.push(work)
    },
    hold() {
      holds++
      let isHeld = true
      return async () => {
        if (!isHeld) return
        isHeld = false
        holds--
        if (holds > 0) return
        const due = kept
        kept = []
        for (const work of due) await work().catch(onFailure)
      }
    },
  }
}
