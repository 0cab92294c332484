// postgrest-js against the address in argv[2], which serves the shop and bank fixtures. Prints `ok NAME` or
// `FAIL NAME: why` per case.
import assert from "node:assert/strict";
import { PostgrestClient } from "@supabase/postgrest-js";

const db = new PostgrestClient(process.argv[2]);
const cases = [];
const test = (name, body) => cases.push([name, body]);
const data = async (query) => {
  const { data, error } = await query;
  assert.equal(error, null, JSON.stringify(error));
  return data;
};

test("select with a filter and an order", async () => {
  assert.deepEqual(await data(db.from("customers").select("name").eq("vip", true).order("name")), [
    { name: "Ada" },
    { name: "Chloé" },
  ]);
});

test("every comparison", async () => {
  const ids = async (query) => (await data(query.order("id"))).map((row) => row.id);
  const products = () => db.from("products").select("id");
  assert.deepEqual(await ids(products().neq("id", 1)), [2, 3, 4, 5]);
  assert.deepEqual(await ids(products().gt("price", 25)), [3, 5]);
  assert.deepEqual(await ids(products().gte("price", 25)), [1, 3, 5]);
  assert.deepEqual(await ids(products().lt("price", 12.5)), [4]);
  assert.deepEqual(await ids(products().lte("price", 12.5)), [2, 4]);
  assert.deepEqual(await ids(products().like("name", "%o%")), [2, 5]);
  assert.deepEqual(await ids(products().ilike("name", "s%")), [5]);
  assert.deepEqual(await ids(products().in("name", ["Axe", "Pen"])), [1, 4]);
  assert.deepEqual(await ids(products().is("attributes", null)), [4]);
  assert.deepEqual(await ids(products().not("attributes", "is", null).lt("id", 3)), [1, 2]);
  assert.deepEqual(await ids(products().or("id.eq.1,name.eq.Sofa")), [1, 5]);
  assert.deepEqual(await ids(products().match({ id: 2, name: "Book" })), [2]);
  assert.deepEqual(await ids(products().filter("attributes->>color", "eq", "red")), [1]);
});

test("embeds to one, to many and many to many", async () => {
  assert.deepEqual(
    await data(db.from("orders").select("id, buyer:customers(name), products(name)").eq("id", 1)
      .order("id", { referencedTable: "products" })),
    [{ id: 1, buyer: { name: "Ada" }, products: [{ name: "Axe" }, { name: "Book" }] }],
  );
});

test("an inner join with a filter on the embed", async () => {
  const rows = await data(db.from("customers").select("name, orders!inner(id)").eq("orders.status", "open").order("id"));
  assert.deepEqual(rows.map((row) => row.name), ["Ada", "Chloé"]);
});

test("limit within an embed", async () => {
  const rows = await data(db.from("customers").select("orders(id)").eq("id", 1)
    .order("id", { referencedTable: "orders", ascending: false }).limit(1, { referencedTable: "orders" }));
  assert.deepEqual(rows, [{ orders: [{ id: 2 }] }]);
});

test("range and count", async () => {
  const { data, count, error, status } = await db.from("products").select("id", { count: "exact" }).order("id").range(1, 2);
  assert.equal(error, null);
  assert.deepEqual([data, count, status], [[{ id: 2 }, { id: 3 }], 5, 206]);
});

test("a count without rows", async () => {
  const { count, data, error } = await db.from("products").select("*", { count: "exact", head: true });
  assert.equal(error, null);
  assert.deepEqual([count, data], [5, null]);
});

test("single and maybeSingle", async () => {
  assert.deepEqual(await data(db.from("products").select("name").eq("id", 1).single()), { name: "Axe" });
  assert.equal(await data(db.from("products").select("name").eq("id", 99).maybeSingle()), null);
  const { error, status } = await db.from("products").select("name").single();
  assert.deepEqual([error.code, status], ["PGRST116", 406]);
});

test("insert with its representation", async () => {
  const row = await data(db.from("tags").insert({ name: "js", uses: 1 }).select().single());
  assert.deepEqual(row, { name: "js", uses: 1 });
});

test("insert of several with different keys and defaults", async () => {
  const rows = await data(db.from("settings").insert([{ name: "a" }, { level: 9 }], { defaultToNull: false })
    .select("name, level"));
  assert.deepEqual(rows, [{ name: "a", level: 3 }, { name: "unnamed", level: 9 }]);
});

test("insert without an answer", async () => {
  const { data, error, status } = await db.from("tags").insert({ name: "quiet" });
  assert.deepEqual([data, error, status], [null, null, 201]);
});

test("upsert", async () => {
  assert.deepEqual(await data(db.from("tags").upsert([{ name: "js", uses: 5 }, { name: "ts", uses: 1 }]).select()), [
    { name: "js", uses: 5 },
    { name: "ts", uses: 1 },
  ]);
  assert.deepEqual(await data(db.from("tags").upsert({ name: "js", uses: 9 }, { ignoreDuplicates: true }).select()), []);
  const rows = await data(db.from("accounts").upsert({ id: 2, iban: "NO22", owner: "B" }, { onConflict: "iban" })
    .select("owner"));
  assert.deepEqual(rows, [{ owner: "B" }]);
});

test("update and delete", async () => {
  assert.deepEqual(await data(db.from("tags").update({ uses: 7 }).eq("name", "js").select()), [{ name: "js", uses: 7 }]);
  assert.deepEqual(await data(db.from("tags").delete().eq("name", "js").select("name")), [{ name: "js" }]);
  const { error, status, count } = await db.from("tags").delete({ count: "exact" }).in("name", ["ts", "quiet"]);
  assert.deepEqual([error, status, count], [null, 204, 2]);
});

test("errors arrive as they are", async () => {
  const unknown = await db.from("custmers").select();
  assert.deepEqual([unknown.error.code, unknown.status], ["PGRST205", 404]);
  assert.match(unknown.error.hint, /customers/);
  const column = await db.from("customers").select("nmae");
  assert.equal(column.error.code, "42703");
  const taken = await db.from("tags").insert({ name: "red" });
  assert.deepEqual([taken.error.code, taken.status], ["23505", 409]);
  const checked = await db.from("accounts").update({ balance: -1 }).eq("id", 1);
  assert.deepEqual([checked.error.code, checked.status], ["23514", 400]);
});

test("CSV", async () => {
  const text = await data(db.from("addresses").select("id,city").lte("id", 2).order("id").csv());
  assert.equal(text.trimEnd().replaceAll("\r\n", "\n"), "id,city\n1,Oslo\n2,Paris");
});

test("a schema that is not served", async () => {
  const { error } = await db.schema("secret").from("tags").select();
  assert.equal(error.code, "PGRST106");
});

test("an abort is an error, not an exception", async () => {
  const controller = new AbortController();
  controller.abort();
  const { error } = await db.from("tags").select().abortSignal(controller.signal);
  assert.ok(error);
});

test("a client that sends a key as its bearer token in development", async () => {
  const keyed = new PostgrestClient(process.argv[2], { headers: { apikey: "k", Authorization: "Bearer k" } });
  const { error } = await keyed.from("tags").select();
  assert.equal(error, null, JSON.stringify(error));
});

for (const [name, body] of cases) {
  try {
    await body();
    console.log(`ok ${name}`);
  } catch (error) {
    console.log(`FAIL ${name}: ${String(error.message).replaceAll("\n", " ")}`);
  }
}
