import { together } from './together.ts'

await together('cli/[e-z]*.test.ts')
