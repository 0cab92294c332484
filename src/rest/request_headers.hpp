#pragma once

#include <string>
#include <string_view>

#include "http/request.hpp"

namespace ballast::rest {

/// The headers that the dialect reads, found in one pass. A list sent in several fields counts as one.
class RequestHeaders {
 public:
  explicit RequestHeaders(const http::Request& request);

  std::string_view accept() const noexcept { return accept_; }
  std::string_view prefer() const noexcept { return prefer_; }
  std::string_view range() const noexcept { return range_; }
  std::string_view content_type() const noexcept { return content_type_; }
  std::string_view if_match() const noexcept { return if_match_; }
  std::string_view if_none_match() const noexcept { return if_none_match_; }
  /// Accept-Profile of a read, Content-Profile of a write; empty: the default schema.
  std::string_view profile() const noexcept { return profile_; }

  RequestHeaders(const RequestHeaders&) = delete;
  RequestHeaders& operator=(const RequestHeaders&) = delete;

 private:
  std::string_view accept_, prefer_, range_, content_type_, profile_, if_match_, if_none_match_;
  std::string joined_accept_, joined_prefer_, joined_if_match_, joined_if_none_match_;
};

}  // namespace ballast::rest
