#include "storage/postgres/type_kinds.hpp"

namespace ballast::storage::postgres {
namespace {

using catalog::Kind;

/// The built-in types' identifiers never change (src/include/catalog/pg_type.dat).
enum Builtin : ObjectId {
  boolean = 16,
  bytea = 17,
  single_char = 18,
  name = 19,
  bigint = 20,
  smallint = 21,
  integer = 23,
  text = 25,
  json = 114,
  real = 700,
  double_precision = 701,
  character = 1042,
  varchar = 1043,
  date = 1082,
  time_of_day = 1083,
  timestamp = 1114,
  timestamptz = 1184,
  interval = 1186,
  time_with_zone = 1266,
  numeric = 1700,
  uuid = 2950,
  tsvector = 3614,
  jsonb = 3802,
};

Kind builtin_kind(ObjectId oid) {
  switch (oid) {
    case Builtin::boolean:
      return Kind::boolean;
    case Builtin::smallint:
    case Builtin::integer:
    case Builtin::bigint:
      return Kind::integer;
    case Builtin::real:
    case Builtin::double_precision:
      return Kind::floating;
    case Builtin::numeric:
      return Kind::numeric;
    case Builtin::text:
    case Builtin::character:
    case Builtin::varchar:
    case Builtin::single_char:
    case Builtin::name:
      return Kind::text;
    case Builtin::bytea:
      return Kind::bytea;
    case Builtin::date:
      return Kind::date;
    case Builtin::time_of_day:
    case Builtin::time_with_zone:
      return Kind::time;
    case Builtin::timestamp:
      return Kind::timestamp;
    case Builtin::timestamptz:
      return Kind::timestamptz;
    case Builtin::interval:
      return Kind::interval;
    case Builtin::uuid:
      return Kind::uuid;
    case Builtin::json:
    case Builtin::jsonb:
      return Kind::json;
    case Builtin::tsvector:
      return Kind::tsvector;
    default:
      return Kind::other;
  }
}

}  // namespace

Kind kind_of(const TypeFacts& facts) {
  const Kind builtin = builtin_kind(facts.oid);
  if (builtin != Kind::other) return builtin;
  if (facts.is_array) return Kind::array;
  switch (facts.type) {
    case 'c':
    case 'p':  // record and the polymorphic ones
      return Kind::composite;
    case 'r':
    case 'm':
      return facts.casts_to_json ? Kind::composite : Kind::range;
    default:
      return facts.casts_to_json ? Kind::composite : Kind::other;
  }
}

TypeModifier size_of(ObjectId oid, int modifier) {
  // The first four bytes are the varlena header's (numeric.c, varchar.c).
  constexpr int header = 4;
  if (modifier < header) return {};
  const int size = modifier - header;
  switch (oid) {
    case Builtin::numeric: {
      // The scale is a signed number of eleven bits.
      const int scale = (size & 0x7ff) ^ 0x400;
      return {(size >> 16) & 0xffff, scale - 0x400};
    }
    case Builtin::character:
    case Builtin::varchar:
      return {size, -1};
    default:
      return {};
  }
}

}  // namespace ballast::storage::postgres
