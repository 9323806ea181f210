import { createGuard } from '../../src/wire/guard/guard.ts'

/** Under any name, and pages of any origin. */
export const letEverybodyIn = createGuard({
  mode: 'closed',
  hosts: { isWide: true, allowed: [] },
  allowedOrigins: [],
})
