"""The GraphQL lines: the CPU of a query, whose document is known, in comparison with the same request by REST and with the
bare statements in pgbench. The schema's names are those of bench/postgres.sql."""

import json

from postgres import ALBUMS, ITEMS, Work

NO_LIMIT = ("--graphql-max-rows", "100000", "--graphql-max-cost", "0")


def query(document, **variables):
    """A request's body; the variables' values may be `{key}`."""
    body = json.dumps({"query": document, "variables": variables})
    return body.replace('"{key}"', "{key}")


def graphql(name, document, keys=1, connections=None, **variables):
    return Work(name, "/graphql/v1", "", keys, "POST", query(document, **variables), connections=connections)


NODE = (graphql("GraphQL, one row by key", "query ($id: Int!) { itemByPk(id: $id) { id name stock } }", ITEMS, id="{key}"),
        Work("  REST", "/rest/v1/item?id=eq.{key}&select=id,name,stock", "", ITEMS))
LIST = (graphql("GraphQL, an album with its tracks",
                "query ($id: Int!) { albumByPk(album_id: $id) { title trackCollection { edges { node { name milliseconds } } } } }",
                ALBUMS, id="{key}"),
        Work("  REST", "/rest/v1/album?album_id=eq.{key}&select=title,track(name,milliseconds)&track.order=track_id", "",
             ALBUMS))
THREE = (graphql("GraphQL, artists with albums with tracks",
                 "{ artistCollection { edges { node { name albumCollection { edges { node { title "
                 "trackCollection { edges { node { name milliseconds } } } } } } } } } }", connections=8),
         Work("  REST", "/rest/v1/artist?select=name,album(title,track(name,milliseconds))&order=artist_id", "",
              connections=8))
BARE = [Work("bare " + table, "", f"SELECT {columns} FROM {table}", sampled=1)
        for table, columns in (("artist", "artist_id, name"), ("album", "album_id, artist_id, title"),
                               ("track", "track_id, album_id, name, milliseconds"))]


class GraphqlLines:
    """Lines of a Bench that has PostgresLines too."""

    GRAPHQL = ["graphql"]

    def graphql(self):
        with self.server(*NO_LIMIT, database=self.store) as server:
            for ours, rest in (NODE, LIST, THREE):
                asked, plain = self.alternate(lambda: self.served(server, ours), lambda: self.served(server, rest))
                self.works.append((ours.name, asked, plain, rest.name))
                cpu = asked["cpu_us"] + asked["database_cpu_us"]
                ratio = cpu / (plain["cpu_us"] + plain["database_cpu_us"])
                self.line(f"{ours.name} ÷ by REST, CPU", "≤ 1.15", ratio, ratio <= 1.15, graphql=asked, rest=plain)
            three, *bare = self.alternate(lambda: self.served(server, THREE[0]),
                                          *(lambda work=work: self.direct(work) for work in BARE))
        ratio = three["database_cpu_us"] / sum(each["database_cpu_us"] for each in bare)
        self.line("GraphQL, three levels ÷ the three bare SELECTs, PostgreSQL's CPU", "≤ 1.5", ratio, ratio <= 1.5,
                  graphql=three, bare=bare)
