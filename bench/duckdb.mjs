// Run SQL with the DuckDB that npm installed into a folder: node duckdb.mjs FOLDER SQL
import { createRequire } from 'node:module'

const [folder, sql] = process.argv.slice(2)
const { DuckDBInstance } = createRequire(`${folder}/package.json`)('@duckdb/node-api')
const db = await (await DuckDBInstance.create(':memory:')).connect()

console.log((await db.runAndReadAll(sql)).getRows())
