#include "storage/postgres/catalogue.hpp"
#include "storage/postgres/introspect.hpp"

namespace ballast::storage::postgres {

Result<std::int64_t> schema_fingerprint(PGconn& connection, const std::vector<std::string>& schemas) {
  // Every change writes a new version of a row, with another xmin. ANALYZE updates pg_class in place and so does not
  // count. A sum of hashes needs no order.
  BALLAST_TRY(const CatalogueRows rows, catalogue_query(connection, R"(
    WITH mine AS (SELECT oid, xmin, nspname FROM pg_catalog.pg_namespace WHERE nspname = ANY ($1::text[])),
         relation AS (SELECT c.oid, c.xmin FROM pg_catalog.pg_class c
                      WHERE c.relnamespace IN (SELECT oid FROM mine) AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c')),
         seen AS (
      SELECT pg_catalog.hash_record_extended(ROW('n'::text, m.oid, m.xmin), 0) AS hash FROM mine m
      UNION ALL SELECT pg_catalog.hash_record_extended(ROW('c'::text, r.oid, r.xmin), 0) FROM relation r
      UNION ALL SELECT pg_catalog.hash_record_extended(ROW(a.attrelid, a.attnum, a.xmin), 0)
                FROM pg_catalog.pg_attribute a JOIN relation r ON r.oid = a.attrelid WHERE a.attnum > 0
      UNION ALL SELECT pg_catalog.hash_record_extended(ROW('d'::text, e.oid, e.xmin), 0)
                FROM pg_catalog.pg_attrdef e JOIN relation r ON r.oid = e.adrelid
      UNION ALL SELECT pg_catalog.hash_record_extended(ROW('i'::text, i.indexrelid, i.xmin), 0)
                FROM pg_catalog.pg_index i JOIN relation r ON r.oid = i.indrelid
      UNION ALL SELECT pg_catalog.hash_record_extended(ROW('w'::text, w.oid, w.xmin), 0)
                FROM pg_catalog.pg_rewrite w JOIN relation r ON r.oid = w.ev_class
      UNION ALL SELECT pg_catalog.hash_record_extended(ROW('g'::text, g.oid, g.xmin), 0)
                FROM pg_catalog.pg_trigger g JOIN relation r ON r.oid = g.tgrelid
      UNION ALL SELECT pg_catalog.hash_record_extended(ROW('k'::text, k.oid, k.xmin), 0)
                FROM pg_catalog.pg_constraint k WHERE k.connamespace IN (SELECT oid FROM mine)
      UNION ALL SELECT pg_catalog.hash_record_extended(ROW('p'::text, p.oid, p.xmin), 0)
                FROM pg_catalog.pg_proc p WHERE p.pronamespace IN (SELECT oid FROM mine)
      UNION ALL SELECT pg_catalog.hash_record_extended(ROW('t'::text, t.oid, t.xmin), 0)
                FROM pg_catalog.pg_type t WHERE t.typnamespace IN (SELECT oid FROM mine)
      UNION ALL SELECT pg_catalog.hash_record_extended(ROW('e'::text, e.oid, e.xmin), 0) FROM pg_catalog.pg_enum e
      UNION ALL SELECT pg_catalog.hash_record_extended(ROW('x'::text, x.oid, x.xmin), 0)
                FROM pg_catalog.pg_cast x WHERE x.oid >= 16384
      UNION ALL SELECT pg_catalog.hash_record_extended(ROW('m'::text, m.roleid, m.member, m.xmin), 0)
                FROM pg_catalog.pg_auth_members m
      UNION ALL SELECT pg_catalog.hash_record_extended(ROW(b.objoid, b.classoid, b.objsubid, b.xmin), 0)
                FROM pg_catalog.pg_description b WHERE b.objoid >= 16384)
    SELECT pg_catalog.hashint8extended((pg_catalog.sum(hash) % 9223372036854775807)::int8, 0) FROM seen)",
                                                        {array_literal(schemas)}));
  return rows.size() == 1 ? rows.number(0, 0) : 0;
}

}  // namespace ballast::storage::postgres
