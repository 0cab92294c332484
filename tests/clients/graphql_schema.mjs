// graphql-js with what the endpoint in argv[3] says of itself: the schema can be built, is valid, and describes the
// answers that the endpoint gives. Prints `ok NAME` or `FAIL NAME: why` per case.
import assert from "node:assert/strict";
import { buildClientSchema, getIntrospectionQuery, isObjectType, parse, printSchema, validate, validateSchema } from "graphql";

const endpoint = process.argv[3];
const ask = async (query) => {
  const response = await fetch(endpoint, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/graphql-response+json" },
    body: JSON.stringify({ query }),
  });
  const { data, errors } = await response.json();
  assert.equal(errors, undefined, JSON.stringify(errors));
  return data;
};

const cases = [];
const test = (name, body) => cases.push([name, body]);
let schema;

test("the introspection of graphql-js", async () => {
  schema = buildClientSchema(await ask(getIntrospectionQuery({
    descriptions: true, specifiedByUrl: true, directiveIsRepeatable: true, schemaDescription: true,
    inputValueDeprecation: true,
  })));
});

test("a valid schema", () => {
  assert.deepEqual(validateSchema(schema).map((error) => error.message), []);
  assert.match(printSchema(schema), /type Query/);
});

test("the introspection of older tools", async () => {
  buildClientSchema(await ask(getIntrospectionQuery()));
});

test("every collection with all of its columns", async () => {
  const fields = Object.values(schema.getQueryType().getFields()).filter((field) => field.name.endsWith("Collection"));
  assert.ok(fields.length > 0, "no collections");
  for (const field of fields) {
    const node = schema.getType(field.type.toString().replace(/!$/, "").replace(/Connection$/, ""));
    assert.ok(isObjectType(node), field.name);
    const columns = Object.values(node.getFields())
      .filter((column) => column.args.length === 0 && !isObjectType(nullable(column.type)))
      .map((column) => column.name);
    const query = `{ ${field.name}(first: 2) { pageInfo { hasNextPage } edges { cursor node { ${columns.join(" ")} } } } }`;
    assert.deepEqual(validate(schema, parse(query)).map((error) => error.message), [], query);
    const { edges } = (await ask(query))[field.name];
    for (const { node: row } of edges) assert.deepEqual(Object.keys(row), columns);
  }
});

const nullable = (type) => ("ofType" in type && type.toString().endsWith("!") ? type.ofType : type);

for (const [name, body] of cases) {
  try {
    await body();
    console.log(`ok ${name}`);
  } catch (error) {
    console.log(`FAIL ${name}: ${String(error.message).replaceAll("\n", " ").slice(0, 1000)}`);
  }
}
