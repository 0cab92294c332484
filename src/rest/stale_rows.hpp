#pragma once

#include <map>
#include <string>
#include <vector>

#include "catalog/relation.hpp"
#include "encode/object_writer.hpp"
#include "encode/shape.hpp"
#include "rest/payload.hpp"
#include "sql/row_sink.hpp"

namespace ballast::rest {

/// An upsert's rows carry the versions that they were read in, as `query::version_name`.
struct RowVersions {
  std::vector<std::string> key;                            ///< columns
  std::map<std::vector<std::string>, std::string> by_key;  ///< each row's values in them, and its version
};

/// Does any row of the payload carry one?
bool carries_versions(const Payload& payload, const catalog::Relation& relation, int depth_limit);

/// 400 BLST418 when a row has none, lacks a column of the key, or is there twice.
Result<RowVersions> row_versions(const Payload& payload, std::vector<std::string> key, int depth_limit);

/// Finds among the rows as they are now those that are no longer what was read.
class StaleRows final : public sql::RowSink {
 public:
  /// `shape` has the columns of the key as members of their own names, and a version. Both outlive the sink.
  StaleRows(const encode::Shape& shape, const RowVersions& read);

  Result<void> row(std::span<const sql::Cell> cells) override;
  void restart() override;
  std::size_t bytes() const noexcept override { return found_.size(); }

  /// `[{"etag":"\"8\"","row":{…}},{"key":{"id":"3"},"row":null}]`: rows that are gone, or not for the caller, are told
  /// by their key.
  std::string json() const;

 private:
  const encode::Shape& shape_;
  const RowVersions& read_;
  encode::ObjectWriter writer_;
  std::vector<const encode::Field*> key_;
  std::string found_;
  std::map<std::vector<std::string>, bool> seen_;
  bool spelt_otherwise_ = false;  // a row that no key of the payload names letter by letter
};

}  // namespace ballast::rest
