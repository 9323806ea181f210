import { together } from './together.ts'

await together('prove/**/*.test.ts')
