import { GraphiQL } from "graphiql";
import { createRoot } from "react-dom/client";
import "graphiql/style.css";
import "./page.css";

const welcome = `# Queries go to this server and nowhere else.
# Ctrl-Space   completes names
# Ctrl-Enter   runs the query
# The book on the left has every type; headers, such
# as an Authorization, have a tab of their own below.

{
  __typename
}
`;

async function fetcher(parameters, options) {
  const response = await fetch(location.pathname, {
    method: "POST",
    headers: {
      Accept: "application/graphql-response+json, application/json;q=0.9",
      "Content-Type": "application/json",
      ...options?.headers,
    },
    body: JSON.stringify(parameters),
  });
  return response.json();
}

const asked = new URLSearchParams(location.search);

createRoot(document.getElementById("graphiql")).render(
  <GraphiQL
    fetcher={fetcher}
    defaultQuery={welcome}
    query={asked.get("query") ?? undefined}
    variables={asked.get("variables") ?? undefined}
    defaultEditorToolsVisibility="variables"
  />,
);
