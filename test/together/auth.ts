import { together } from './together.ts'

await together('auth/**/*.test.ts')
