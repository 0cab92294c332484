#include <gtest/gtest.h>

#include <iostream>

#include "compile/compile.hpp"
#include "encode/csv_rows.hpp"
#include "encode/object_writer.hpp"
#include "storage/postgres/introspect.hpp"
#include "storage/postgres/test_results.hpp"
#include "storage/postgres/test_values.hpp"

/// What Ballast makes of a row, compared with PostgreSQL's own to_json of it, byte by byte: thousands of random values
/// of every type, the seeds fixed.
namespace ballast::storage::postgres {
namespace {

using namespace testing;  // NOLINT(google-build-using-namespace)

constexpr auto schema = R"(
  CREATE EXTENSION hstore; CREATE EXTENSION citext; CREATE EXTENSION ltree; CREATE EXTENSION cube;
  CREATE SCHEMA "Other";
  CREATE TYPE mood AS ENUM ('sad', 'it''s "so\so"', 'happy');
  CREATE TYPE "Other"."Pair" AS ("a b" int, b text);
  CREATE TYPE nested AS (p "Other"."Pair", t timestamptz, list int[], f float8, j json);
  CREATE DOMAIN positive AS bigint CHECK (value > 0);
  CREATE DOMAIN title AS varchar(60);
  CREATE DOMAIN amount AS numeric(20, 4);
  CREATE DOMAIN moods AS mood[];
  CREATE DOMAIN pair AS "Other"."Pair";
  CREATE DOMAIN instant AS timestamptz;
  CREATE DOMAIN deep AS positive;
)";

struct TypeSpec {
  std::string type;
  std::function<std::string(RandomValues&)> value;
};

std::vector<TypeSpec> scalar_types() {
  using R = RandomValues;
  return {
      {"smallint", [](R& r) { return r.integer(16); }},
      {"integer", [](R& r) { return r.integer(32); }},
      {"bigint", [](R& r) { return r.integer(63); }},
      {"real", [](R& r) { return r.floating(false); }},
      {"double precision", [](R& r) { return r.floating(true); }},
      {"numeric", [](R& r) { return r.numeric(); }},
      {"numeric(12,3)", [](R& r) { return r.one_in(9) ? "'NaN'" : r.small() + "." + r.digits(8); }},
      {"boolean",
       [](R& r) {
         return r.any({"true", "false"});
       }},
      {"text", [](R& r) { return r.text(); }},
      {"character varying(50)", [](R& r) { return r.text(); }},
      {"character(7)", [](R& r) { return r.text(7); }},
      {"name", [](R& r) { return r.text(12); }},
      {"\"char\"",
       [](R& r) {
         return r.any({"''", "'a'", "'\"'", "E'\\\\'"});
       }},
      {"citext", [](R& r) { return r.text(); }},
      {"bytea", [](R& r) { return r.bytea(); }},
      {"date", [](R& r) { return r.date(); }},
      {"time", [](R& r) { return r.time(); }},
      {"time(2)", [](R& r) { return r.time(); }},
      {"time with time zone", [](R& r) { return r.timetz(); }},
      {"timestamp", [](R& r) { return r.moment(); }},
      {"timestamp(0)", [](R& r) { return r.moment(); }},
      {"timestamp with time zone", [](R& r) { return r.moment(); }},
      {"interval", [](R& r) { return r.interval(); }},
      {"uuid", [](R& r) { return "'" + r.hex(16) + "'"; }},
      {"json", [](R& r) { return r.json(); }},
      {"jsonb", [](R& r) { return r.json(); }},
      {"jsonpath", [](R& r) { return "'$." + r.word() + "[*] ? (@.a > 1" + r.digits(3) + ")'"; }},
      {"mood",
       [](R& r) {
         return r.any({"'sad'", "'happy'", "E'it\\'s \"so\\\\so\"'"});
       }},
      {"positive", [](R& r) { return "abs(" + r.integer(40) + ") + 1"; }},
      {"deep", [](R& r) { return "abs(" + r.integer(40) + ") + 1"; }},
      {"title", [](R& r) { return r.text(); }},
      {"amount", [](R& r) { return r.small() + "." + r.digits(6); }},
      {"instant", [](R& r) { return r.moment(); }},
      {"inet", [](R& r) { return "'" + r.address() + "'"; }},
      {"cidr", [](R& r) { return "network('" + r.address() + "'::inet)"; }},
      {"macaddr", [](R& r) { return "'" + r.hex(6) + "'"; }},
      {"macaddr8", [](R& r) { return "'" + r.hex(8) + "'"; }},
      {"money", [](R& r) { return "(" + r.small() + ".25)::numeric"; }},
      {"oid", [](R& r) { return r.digits(6); }},
      {"regclass",
       [](R& r) {
         return r.any({"'pg_class'", "'pg_type'", "0"});
       }},
      {"regtype",
       [](R& r) {
         return r.any({"'integer'", "'\"Other\".\"Pair\"'", "'text[]'"});
       }},
      {"bit(5)", [](R& r) { return r.bits(5); }},
      {"bit varying", [](R& r) { return r.bits(r.below(20)); }},
      {"point", [](R& r) { return "'" + r.point() + "'"; }},
      {"line", [](R& r) { return "'{" + r.coordinate() + ",1," + r.coordinate() + "}'"; }},
      {"lseg", [](R& r) { return "'[" + r.points(2) + "]'"; }},
      {"box", [](R& r) { return "'" + r.points(2) + "'"; }},
      {"path", [](R& r) { return r.one_in(2) ? "'[" + r.points(3) + "]'" : "'(" + r.points(3) + ")'"; }},
      {"polygon", [](R& r) { return "'(" + r.points(4) + ")'"; }},
      {"circle", [](R& r) { return "'<" + r.point() + "," + r.digits(3) + ">'"; }},
      {"tsvector", [](R& r) { return "to_tsvector('simple', " + r.text() + ") || '''a b'':1A c'::tsvector"; }},
      {"tsquery", [](R& r) { return "plainto_tsquery('simple', '" + r.word() + " " + r.word() + "')"; }},
      {"pg_lsn", [](R& r) { return "'" + r.hex(2) + "/" + r.hex(3) + "'"; }},
      {"tid", [](R& r) { return "'(" + r.digits(4) + "," + r.digits(2) + ")'"; }},
      {"xid", [](R& r) { return "'" + r.digits(5) + "'"; }},
      {"xml", [](R& r) { return "'<a b=\"" + r.word() + "\">" + r.word() + "</a>'"; }},
      {"hstore",
       [](R& r) {
         return "hstore(" + r.text(8) + ", " + (r.one_in(4) ? "NULL" : r.text(8)) + ") || hstore('n', '12.5')";
       }},
      {"ltree", [](R& r) { return "'" + r.word() + "." + r.word() + "'"; }},
      {"cube", [](R& r) { return "'(" + r.coordinate() + "," + r.coordinate() + ")'"; }},
      {"int4range", [](R& r) { return r.range("int4range", "integer", r.small(), r.small()); }},
      {"int8range", [](R& r) { return r.range("int8range", "bigint", r.small(), r.small()); }},
      {"numrange", [](R& r) { return r.range("numrange", "numeric", r.coordinate(), r.coordinate()); }},
      {"daterange", [](R& r) { return r.range("daterange", "date", r.date(), r.date()); }},
      {"tsrange", [](R& r) { return r.range("tsrange", "timestamp", r.moment(), r.moment()); }},
      {"tstzrange", [](R& r) { return r.range("tstzrange", "timestamptz", r.moment(), r.moment()); }},
  };
}

std::string pair(RandomValues& r) {
  return "ROW(" + r.small() + ", " + (r.one_in(4) ? "NULL" : r.text(10)) + ")::\"Other\".\"Pair\"";
}

std::vector<TypeSpec> composed_types() {
  using R = RandomValues;
  std::vector<TypeSpec> all = {
      {"\"Other\".\"Pair\"", pair},
      {"pair", pair},
      {"nested",
       [](R& r) {
         return "ROW(" + pair(r) + ", " + r.moment() + ", " + r.array("int", [&] { return r.small(); }) + ", " +
                r.floating(true) + ", " + r.json() + ")::nested";
       }},
      {"int4multirange",
       [](R& r) {
         return "int4multirange(" + r.range("int4range", "integer", r.small(), r.small()) + ", " +
                r.range("int4range", "integer", r.small(), r.small()) + ")";
       }},
      {"tstzmultirange",
       [](R& r) { return "tstzmultirange(" + r.range("tstzrange", "timestamptz", r.moment(), r.moment()) + ")"; }},
      {"moods", [](R& r) { return r.array("mood", [&] {
                             return r.any({"'sad'", "'happy'"});
                           }); }},
      {"int[]", [](R& r) { return "'[2:4]={1,NULL," + r.small() + "}'"; }},
      {"int2vector", [](R& r) { return "'" + r.small() + " 2 3'"; }},
      {"oidvector", [](R& r) { return "'1 " + r.digits(4) + "'"; }},
  };
  for (const TypeSpec& element : scalar_types()) {
    const std::string name = element.type;
    all.push_back({name + "[]", [element](R& r) { return r.array(element.type, [&] { return element.value(r); }); }});
  }
  for (const std::string name : {"\"Other\".\"Pair\"", "pair"}) {
    all.push_back({name + "[]", [name](R& r) { return r.array(name, [&] { return pair(r); }); }});
  }
  return all;
}

class Types : public ::testing::Test {
 protected:
  Types() : connection_(connect(TestCluster::shared().create_database(schema))) {}

  void fill(const TypeSpec& spec, int rows, std::uint64_t seed) {
    RandomValues random(seed);
    execute(*connection_, "DROP TABLE IF EXISTS t CASCADE; CREATE TABLE t (id int PRIMARY KEY, v " + spec.type + ")");
    std::string insert = "INSERT INTO t VALUES (0, NULL)";
    for (int i = 1; i <= rows; ++i) {
      insert += ", (" + std::to_string(i) + ", (" + spec.value(random) + ")::" + spec.type + ")";
    }
    execute(*connection_, insert);
  }

  compile::Plan plan(const std::string& relation, bool as_text = false) {
    const auto snapshot = introspect(*connection_, {"public"}, {});
    if (!snapshot) throw std::runtime_error(snapshot.error().message);
    snapshot_ = *snapshot;
    const auto* known = snapshot_->relation("public", relation);
    query::Read read;
    read.schema = "public";
    read.relation = relation;
    read.as_text = as_text;
    for (const auto& column : known->columns) {
      read.outputs.emplace_back(query::ColumnOutput{column.name, {column.name, column.type, {}, {}, {}}});
    }
    read.order.push_back({"", {"id", known->column("id")->type, {}, {}, {}}, {}, {}});
    auto compiled = compile::compile(read, *snapshot_, sql::postgres());
    if (!compiled) throw std::runtime_error(compiled.error().message);
    return *std::move(compiled);
  }

  /// Compares all rows of the relation; how many values were compared.
  int compare(const std::string& relation) {
    const compile::Plan plan = this->plan(relation);
    const encode::ObjectWriter writer(plan.shape.root);
    const Rows ours = run(*connection_, plan.statements.front());
    EXPECT_EQ(PQresultStatus(ours.get()), PGRES_TUPLES_OK) << PQresultErrorMessage(ours.get());
    const Rows theirs = execute(*connection_, "SELECT to_json(r) FROM (SELECT * FROM " + relation + " ORDER BY id) r");
    EXPECT_EQ(PQntuples(ours.get()), PQntuples(theirs.get()));
    for (int i = 0; i < PQntuples(ours.get()); ++i) {
      std::string row;
      writer.write(row, cells_of(*ours, i));
      EXPECT_EQ(row, PQgetvalue(theirs.get(), i, 0)) << plan.statements.front().text;
      if (HasFailure()) break;
    }
    return PQntuples(ours.get());
  }

  Connection connection_;
  catalog::SnapshotPtr snapshot_;
};

TEST_F(Types, AreWrittenAsToJsonWritesThem) {
  int compared = 0;
  int kinds = 0;
  std::uint64_t seed = 20240131;
  for (const auto& specs : {scalar_types(), composed_types()}) {
    for (const TypeSpec& spec : specs) {
      SCOPED_TRACE(spec.type);
      ASSERT_NO_THROW(fill(spec, 80, ++seed));
      compared += compare("t");
      ++kinds;
    }
  }
  std::cout << "compared " << compared << " values of " << kinds << " types\n";
}

TEST_F(Types, KeepTheSessionsTimeZone) {
  int compared = 0;
  std::uint64_t seed = 7;
  const std::vector<TypeSpec> moments = {
      {"timestamptz", [](RandomValues& r) { return r.moment(); }},
      {"instant", [](RandomValues& r) { return r.moment(); }},
      {"time with time zone", [](RandomValues& r) { return r.timetz(); }},
      {"timestamptz[]", [](RandomValues& r) { return r.array("timestamptz", [&] { return r.moment(); }); }},
      {"tstzrange", [](RandomValues& r) { return r.range("tstzrange", "timestamptz", r.moment(), r.moment()); }},
  };
  for (const char* zone : {"UTC", "America/St_Johns", "Asia/Kolkata", "Pacific/Apia", "Europe/Amsterdam",
                           "Africa/Monrovia", "Australia/Lord_Howe", "<+03>-3", "-13:30"}) {
    SCOPED_TRACE(zone);
    execute(*connection_, "SET TimeZone = '" + std::string(zone) + "'");
    for (const TypeSpec& spec : moments) {
      ASSERT_NO_THROW(fill(spec, 80, ++seed));
      compared += compare("t");
    }
  }
  std::cout << "compared " << compared << " values\n";
}

TEST_F(Types, AreTextWhereTextIsWanted) {
  execute(
      *connection_,
      "CREATE TABLE c (id int, a int[], p \"Other\".\"Pair\", h hstore, t timestamptz, b boolean, f float8);"
      "INSERT INTO c VALUES (1, '{1,NULL}', '(2,\"x y\")', 'a=>1', '2024-01-31 12:00Z', true, 'NaN'); INSERT INTO c VALUES (2)");
  const compile::Plan plan = this->plan("c", true);
  encode::CsvRows rows(plan.shape, {});
  EXPECT_EQ(body_of(*run(*connection_, plan.statements.front()), rows),
            "id,a,p,h,t,b,f\n"
            "1,\"{1,NULL}\",\"(2,\"\"x y\"\")\",\"\"\"a\"\"=>\"\"1\"\"\",\"2024-01-31 12:00:00+00\",t,NaN\n"
            "2,,,,,,");
}

}  // namespace
}  // namespace ballast::storage::postgres
