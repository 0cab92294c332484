#pragma once

#include "base/result.hpp"
#include "compile/select.hpp"

namespace ballast::compile {

/// `a.x = b.y AND …`: source columns of the parent, target columns of the child; of a computed relationship, that it
/// found a row.
void write_key_condition(sql::Writer& out, const Scope& parent, const catalog::Relationship& relationship,
                         const Scope& child);

/// `"schema"."function"(t0) AS t1`, the child's rows in a computed relationship.
void write_computed_source(sql::Writer& out, const Scope& parent, const catalog::Relationship& relationship,
                           const Scope& child);

/// Writes the child's source to `from` and what ties it to its parent to `where` (through the junction when it is
/// many-to-many).
void write_child_source(sql::Writer& from, sql::Writer& where, Context& context, const Link& link, const Scope& child);

/// `EXISTS (SELECT 1 FROM child WHERE …)`: the embed has a row, by its own conditions and those of its inner embeds.
Result<void> write_exists(sql::Writer& out, Context& context, const Scope& parent, const query::EmbedOutput& embed,
                          int depth);

/// Conditions of the read that hold in any position (inside ON as well as WHERE): its predicate and its inner
/// embeds, each as ` AND condition` when `out` is not empty. `joined` are the embeds that
/// are joined to the scope already; with `inner_joined` their joins enforce what inner embeds ask.
Result<void> write_conditions(sql::Writer& out, Context& context, const Scope& scope, const query::Read& read,
                              const std::vector<JoinedEmbed>& joined, bool inner_joined, int depth);

/// The select list that makes a row of `object` out of cells s.c0, s.c1 …: one column per member, named by its key.
/// PostgreSQL.
void write_postgres_members(sql::Writer& out, const encode::Object& object);

/// Adds the cells and members of an embed that is not joined: a to-many list, or a to-one object by itself. `grouped`:
/// the rows will be grouped by them.
Result<void> add_subquery_embed(Context& context, Select& select, const Scope& scope, encode::Object& object,
                                const query::EmbedOutput& embed, int depth, bool grouped);

/// The cell indices of a member, moved by `base`.
void shift_cells(encode::Member& member, int base);

/// The embed of that alias among the outputs; null when there is none.
const query::EmbedOutput* find_embed(const query::Read& read, const std::string& alias);

/// An aggregate belongs to the read's own level.
bool has_aggregate(const query::Read& read);

}  // namespace ballast::compile
