/** The lab's own scripts can be tried in place of examples/: same names, same streams. */
export const SCRIPTS: string =
  process.env.STANDPIPE_LAB_SCRIPTS ?? new URL('../../examples', import.meta.url).pathname
