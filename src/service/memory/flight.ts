/** What one request holds of the memory that all requests have together, until its answer was taken. */
export interface Flight {
  /**
   * So many bytes more, of at most `most` and at least `least` (all, if absent): at once where there is room, else as
   * soon as there is. Rejects with the service's throttling answer when there is none for too long, which `patient`
   * ones wait for; rejects, too, when the client has gone.
   */
  take(most: number, least?: number, patience?: 'patient'): number | Promise<number>
  /** So many more that are there already, whether there is room or not. */
  add(bytes: number): void
  /** So many of them are held no more. */
  give(bytes: number): void
  /** `release` is called once the answer is made: nobody looks at what it was made of any more. */
  lend(release: () => void): void
}

/** For calls from within this process. */
export const unbounded: Flight = {
  take: (most) => most,
  add: () => undefined,
  give: () => undefined,
  lend: () => undefined,
}
