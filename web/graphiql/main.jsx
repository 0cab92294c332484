import { GraphiQL } from "graphiql";
import { createRoot } from "react-dom/client";
import "graphiql/style.css";
import "./page.css";

const welcome = `# GraphiQL sends queries to this server. Start with "{" and let Ctrl-Space complete names;
# the book on the left has every type. Ctrl-Enter runs the query.
#
# Headers, such as an Authorization, go into the tab of that name below.

{
  __typename
}
`;

/** Queries have the server's address to themselves; nothing is sent anywhere else. */
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
    initialQuery={asked.get("query") ?? undefined}
    initialVariables={asked.get("variables") ?? undefined}
    defaultEditorToolsVisibility="variables"
  />,
);
