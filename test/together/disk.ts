import { together } from './together.ts'

await together('disk/*.test.ts', 'folders/*.test.ts')
