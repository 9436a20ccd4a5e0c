// Runs one query in a fresh DuckDB and prints its answer with the seconds of the query alone.
import { DuckDBInstance } from '@duckdb/node-api';

const instance = await DuckDBInstance.create(':memory:');
const connection = await instance.connect();
const start = performance.now();
const result = await connection.runAndReadAll(process.argv[2]);
const seconds = (performance.now() - start) / 1000;
const text = (value) => (value === null ? null : String(value)); // numbers may be beyond 2^53
console.log(JSON.stringify({
  seconds,
  columns: result.columnNames(),
  rows: result.getRows().map((row) => row.map(text)),
}));
