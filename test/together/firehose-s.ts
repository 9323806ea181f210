import { together } from './together.ts'

await together('firehose/[s-z]*.test.ts')
