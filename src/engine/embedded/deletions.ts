import type { OpenFiles } from './open-files.ts'

/** Deletes what the manifest no longer knows, but not while somebody copies what it knew. */
export function createDeletions(files: OpenFiles) {
  const waiting: string[] = []
  let holders = 0
  const release = async () => {
    holders--
    if (holders === 0) for (const path of waiting.splice(0)) await files.discard(path)
  }
  return {
    async delete(path: string): Promise<void> {
      if (holders > 0) waiting.push(path)
      else await files.discard(path)
    },
    hold(): () => Promise<void> {
      holders++
      return release
    },
  }
}
