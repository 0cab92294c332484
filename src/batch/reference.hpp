#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "text/cursor.hpp"

namespace ballast::batch {

/// A place in the answer to an earlier request of the batch.
///
///     reference ::= id '.' ( 'status' | 'headers.' field | 'body' step* )
///     id        ::= [A-Za-z0-9_-]{1,64}
///     field     ::= [A-Za-z0-9_-]+
///     step      ::= '.' name | '[' digit+ ']' | '[' string ']'        a JSON string, for any other name
///     name      ::= [^.[\]{}"\\ and control characters]+
struct Reference {
  enum class Part : std::uint8_t { status, header, body };
  using Step = std::variant<std::string, std::size_t>;

  std::string text;  ///< as it was written
  std::string request;
  Part part = Part::body;
  std::string field;
  std::vector<Step> path;
  friend bool operator==(const Reference&, const Reference&) = default;
};

bool is_request_id(std::string_view text) noexcept;

/// The reference that starts here, as far as it goes; none: the cursor may stand anywhere.
std::optional<Reference> take_reference(text::Cursor& at);

/// All of `text` is one: 400 BLST441 otherwise.
Result<Reference> parse_reference(std::string_view text);

}  // namespace ballast::batch
