// Grafana publishes the types of a dashboard: its JSON schema is made of these.
import { readFile } from "node:fs/promises";
import { Ajv } from "ajv";
import { createGenerator } from "ts-json-schema-generator";

const types = "node_modules/@grafana/schema/dist/types/raw/dashboard/x/types.gen.d.ts";
const schema = createGenerator({ path: types, skipTypeCheck: true }).createSchema("Dashboard");
const fits = new Ajv({ allErrors: true, strict: false }).compile(schema);

const dashboard = JSON.parse(await readFile("dashboard.json", "utf8"));
if (!fits(dashboard)) {
  for (const { instancePath, message } of fits.errors) console.error(`${instancePath} ${message}`);
  process.exit(1);
}
if (fits({ ...dashboard, panels: [{ type: 1 }] })) throw new Error("This schema refuses nothing.");
