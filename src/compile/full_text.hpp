#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "query/predicate.hpp"

namespace ballast::compile {

/// A query for an FTS5 table, whose words all stand in quotes so that nothing a client writes is an operator there.
struct Fts5Query {
  std::string text;      ///< what to MATCH
  bool negated = false;  ///< the rows wanted are those that do not match (FTS5 has no NOT without a left side)
};

/// PostgreSQL's full text queries in FTS5's syntax (https://sqlite.org/fts5.html, section 3). `column` restricts the
/// search to one column; empty searches all.
///
///     fts     tsquery text: `fat & (rat | !cat) & 'super star':*`, `fat <-> cat`        (to_tsquery)
///     plain   all words                                                                (plainto_tsquery)
///     phrase  the words in this order, adjacent                                        (phraseto_tsquery)
///     web     words, "phrases", or, -excluded                                          (websearch_to_tsquery)
///
/// Text without any word matches nothing. 42601 for tsquery text with a mistake.
Result<Fts5Query> to_fts5(query::FullTextMode mode, std::string_view text, std::string_view column);

}  // namespace ballast::compile
