#pragma once

#include <span>
#include <string>
#include <utility>

#include "encode/object_writer.hpp"
#include "encode/shape.hpp"

namespace ballast::encode {

/// Writes rows that come in groups: each an object with a list that grows by one element per row.
class GroupWriter {
 public:
  /// `shape` has a grouping and outlives the writer.
  explicit GroupWriter(const Shape& shape);

  /// Appends the object up to the list's first element. `rest` becomes what is to stand behind the last one.
  void open(std::string& out, std::string& rest, std::span<const sql::Cell> cells, bool strip_nulls) const;
  void add(std::string& out, std::span<const sql::Cell> cells, bool strip_nulls) const;

 private:
  /// `write_object`, or its sister that leaves out nulls, of an object whose writer is at hand.
  struct Part {
    explicit Part(Object whole) : object(std::move(whole)), writer(object) {}
    Part(const Part&) = delete;
    Part& operator=(const Part&) = delete;
    void write(std::string& out, std::span<const sql::Cell> cells, bool strip_nulls) const;

    Object object;
    ObjectWriter writer;
  };

  const Grouping& grouping_;
  Part before_;
  Part element_;
  Part behind_;
  std::string key_;  ///< `"tracks":[`
};

}  // namespace ballast::encode
