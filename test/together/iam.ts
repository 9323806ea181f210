import { together } from './together.ts'

await together('iam/*.test.ts')
