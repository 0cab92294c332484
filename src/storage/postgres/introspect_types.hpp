#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "catalog/type.hpp"
#include "storage/postgres/catalogue.hpp"

namespace ballast::storage::postgres {

/// PostgreSQL's types as the catalog knows them. A domain is taken for its base type, as `to_json` takes it, and keeps
/// its name and its casts.
class IntrospectedTypes {
 public:
  Result<void> load(PGconn& connection);

  /// `spelling` is the type with its modifiers, by format_type.
  catalog::Type type(ObjectId oid, int modifier, std::string spelling) const;
  bool not_null(ObjectId oid) const;  ///< a domain, or one it is made from, says NOT NULL
  /// Of an enum, or a domain over one; in their order.
  const std::vector<std::string>& labels(ObjectId oid) const;
  /// The relation or composite type whose rows are of this type, or of a domain over it; 0: none.
  ObjectId relation(ObjectId oid) const;
  /// Of a domain that is named like one ("text/html", "*/*"), in lower case; empty otherwise.
  std::string media_type(ObjectId oid) const;

 private:
  struct Entry {
    std::string name;  // as format_type spells it
    std::string schema;
    std::string plain_name;  // typname
    char type = 'b';         // typtype
    ObjectId base = 0;       // a domain's
    int base_modifier = -1;
    ObjectId element = 0;  // an array's
    ObjectId relation = 0;
    bool not_null = false;
    bool casts_to_json = false;
    std::vector<std::string> labels;
    std::string comment;  // an enum's
  };

  Result<void> load_representations(PGconn& connection);
  const Entry* find(ObjectId oid) const;
  /// Without the domains around it.
  const Entry* base(ObjectId& oid, int& modifier) const;
  /// Null for types that have none.
  std::shared_ptr<const catalog::Structure> structure(ObjectId oid) const;
  std::shared_ptr<const catalog::Type> shared(ObjectId oid, int modifier) const;

  std::unordered_map<ObjectId, Entry> entries_;
  std::unordered_map<ObjectId, std::shared_ptr<catalog::Representation>> representations_;
  mutable std::unordered_map<ObjectId, std::shared_ptr<const catalog::Structure>> structures_;  // made when asked for
};

}  // namespace ballast::storage::postgres
