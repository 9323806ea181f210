import { together } from './together.ts'

await together('console/snippets.test.ts')
