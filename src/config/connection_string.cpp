#include "config/connection_string.hpp"

#include <algorithm>
#include <cctype>

#include "http/request.hpp"

namespace ballast::config {
namespace {

constexpr std::string_view mask = "********";

bool is_uri(std::string_view text) { return text.starts_with("postgres://") || text.starts_with("postgresql://"); }

bool blank(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }

bool secret(std::string_view keyword) { return keyword == "password" || keyword == "sslpassword"; }

/// Does `keyword` stand before an equals sign, as a word of its own?
bool has_keyword(std::string_view text, std::string_view keyword) {
  for (auto at = text.find(keyword); at != std::string_view::npos; at = text.find(keyword, at + 1)) {
    if (at != 0 && !blank(text[at - 1])) continue;
    auto next = at + keyword.size();
    while (next < text.size() && blank(text[next])) ++next;
    if (next < text.size() && text[next] == '=') return true;
  }
  return false;
}

/// [ "?" name "=" value *( "&" name "=" value ) ] at the text's end
std::string mask_query(std::string_view text) {
  const auto question = std::min(text.find('?'), text.size());
  std::string out(text.substr(0, question));
  text.remove_prefix(question);
  while (!text.empty()) {
    const auto end = std::min(text.find('&', 1), text.size());
    const auto equals = std::min(text.substr(0, end).find('='), end);
    const auto name = http::percent_decode(text.substr(1, equals - 1), false);
    if (!name || secret(*name)) {
      out.append(text.substr(0, equals)).append("=").append(mask);
    } else {
      out.append(text.substr(0, end));
    }
    text.remove_prefix(end);
  }
  return out;
}

/// scheme "://" [ user [ ":" password ] "@" ] … [ query ]
std::string mask_uri(std::string_view text) {
  const auto colon = text.find(':', text.find("://") + 3);
  const auto at = text.rfind('@');
  if (colon == std::string_view::npos || at == std::string_view::npos || at < colon) return mask_query(text);
  std::string out(text.substr(0, colon + 1));
  out.append(mask).append(text.substr(at));
  return mask_query(out);
}

/// *( keyword "=" ( "'" *( "\" char | char ) "'" | *( "\" char | char ) ) blank )
std::string mask_keywords(std::string_view text) {
  std::string out;
  std::size_t at = 0;
  const auto copy_while = [&](auto test) {
    const auto begin = at;
    while (at < text.size() && test(text[at])) ++at;
    out.append(text.substr(begin, at - begin));
    return text.substr(begin, at - begin);
  };
  while (at < text.size()) {
    copy_while(blank);
    const auto keyword = copy_while([](char c) { return c != '=' && !blank(c); });
    copy_while(blank);
    if (at == text.size() || text[at] != '=') continue;
    out.push_back(text[at++]);
    copy_while(blank);
    const auto begin = at;
    const bool quoted = at < text.size() && text[at] == '\'';
    if (quoted) ++at;
    while (at < text.size() && (quoted ? text[at] != '\'' : !blank(text[at]))) at += text[at] == '\\' ? 2 : 1;
    at = std::min(quoted ? at + 1 : at, text.size());
    out.append(secret(keyword) ? mask : text.substr(begin, at - begin));
  }
  return out;
}

}  // namespace

bool is_postgres(std::string_view database) {
  if (is_uri(database)) return true;
  if (database.starts_with("sqlite:")) return false;
  return has_keyword(database, "dbname") || has_keyword(database, "host") || has_keyword(database, "service");
}

std::string without_password(std::string_view database) {
  if (!is_postgres(database)) return std::string(database);
  return is_uri(database) ? mask_uri(database) : mask_keywords(database);
}

}  // namespace ballast::config
