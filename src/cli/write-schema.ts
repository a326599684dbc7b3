/** `npm run schema`: writes src/config/unsilo.schema.json from the schemas in the code. */
import { writeFile } from 'node:fs/promises'
import { connectors } from '../../connectors/index.ts'
import { schemaText } from '../config/json-schema.ts'

await writeFile(new URL('../config/unsilo.schema.json', import.meta.url), await schemaText(connectors))
