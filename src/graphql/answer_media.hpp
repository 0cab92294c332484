#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace ballast::graphql {

/// What an answer is sent as. They differ in their statuses: `response` tells by the status whether something was
/// executed; `json` is for clients that take anything but 200 for an answer of somebody else's.
enum class AnswerMedia : std::uint8_t { json, response };

/// The Content-Type.
std::string_view to_string(AnswerMedia media) noexcept;

/// What the client likes best (GraphQL over HTTP, "Body"): by quality, then by the order of its Accept field. JSON
/// where it does not mind: without the field that is what a client of the time before the draft understands. Nothing
/// when it takes neither.
std::optional<AnswerMedia> answer_media(std::string_view accept);

/// Would the client rather have a web page? Browsers say so when somebody types an address.
bool prefers_page(std::string_view accept);

}  // namespace ballast::graphql
