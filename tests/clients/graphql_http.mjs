// The GraphQL over HTTP audits of graphql-http against the endpoint in argv[3]. Prints `ok NAME` or `FAIL NAME: why` per
// audit; a recommendation that is not followed counts as a failure too.
import { auditServer } from "graphql-http";

for (const { status, id, name, reason } of await auditServer({ url: process.argv[3] })) {
  console.log(status === "ok" ? `ok ${id} ${name}` : `FAIL ${id} ${name}: ${reason} (${status})`);
}
