import { together } from './together.ts'

await together('cli/[a-d]*.test.ts')
