import { together } from './together.ts'

await together('remote/*.test.ts')
