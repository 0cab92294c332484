#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "encode/shape.hpp"
#include "sql/row_sink.hpp"

namespace ballast::encode {

/// Where, in what was written, a hole is.
struct Mark {
  std::size_t at = 0;
  int filling = 0;
};

/// `write_object` for many rows: what stands around the values is escaped once.
class ObjectWriter {
 public:
  /// `object` outlives the writer.
  explicit ObjectWriter(const Object& object);

  /// `marks`: where to note the holes; null when there are none.
  void write(std::string& out, std::span<const sql::Cell> cells, std::vector<Mark>* marks = nullptr) const;

 private:
  struct Step {
    std::string before;  ///< `{"id":` or `,"name":`
    const Member* member;
    const Field* canonical;                ///< of a canonical Field member
    const Hole* hole;                      ///< of a Hole member
    std::unique_ptr<ObjectWriter> nested;  ///< of a Nested member
  };

  std::vector<Step> steps_;
  std::string after_;
};

}  // namespace ballast::encode
