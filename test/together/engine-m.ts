import { together } from './together.ts'

await together('engine/[m-z]*.test.ts')
