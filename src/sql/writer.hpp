#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sql/dialect.hpp"
#include "sql/literal.hpp"
#include "sql/statement.hpp"

namespace ballast::sql {

/// Writes a piece of SQL. Every way in keeps text, identifiers and values apart: `text` takes only what we wrote
/// ourselves, `name` quotes, `value` binds. Several writers of one statement share its parameters, so that a piece
/// can be written before the text in front of it is known; `params` and `dialect` outlive the writer.
class Writer {
 public:
  Writer(const Dialect& dialect, std::vector<Param>& params) noexcept : dialect_(&dialect), params_(&params) {}

  Writer& text(Literal sql) {
    out_ += sql.view();
    return *this;
  }
  /// An identifier, quoted.
  Writer& name(std::string_view identifier) {
    quote_identifier(out_, identifier);
    return *this;
  }
  /// A value: bound, and its placeholder written.
  Writer& value(Param param) {
    params_->push_back(std::move(param));
    dialect_->placeholder(out_, params_->size());
    return *this;
  }
  /// An integer of our own (an alias' number, a scale).
  Writer& number(std::int64_t value);
  /// A constant that is part of the statement's shape (a descriptor, a key of a JSON path), as a string literal.
  /// The only place where text that may stem from a request is spliced as a literal: quotes are doubled, and on
  /// PostgreSQL a text with backslashes becomes E'…' so that standard_conforming_strings does not matter. NUL bytes,
  /// which end SQL text, are the caller's to refuse; here they are a bug.
  Writer& constant(std::string_view text);
  /// SQL that the database itself gave us: a type's name or a default's expression from the catalog.
  Writer& from_catalog(std::string_view sql) {
    out_ += sql;
    return *this;
  }
  /// What another writer of the same statement wrote.
  Writer& append(const Writer& piece) {
    out_ += piece.out_;
    return *this;
  }
  Writer& append(const Writer& piece, std::size_t from, std::size_t to) {
    out_.append(piece.out_, from, to - from);
    return *this;
  }

  /// An empty writer of the same statement.
  Writer piece() const noexcept { return {*dialect_, *params_}; }
  void reserve(std::size_t bytes) { out_.reserve(bytes); }
  bool empty() const noexcept { return out_.empty(); }
  std::size_t size() const noexcept { return out_.size(); }
  const std::string& view() const noexcept { return out_; }
  std::string take() noexcept { return std::move(out_); }
  const Dialect& dialect() const noexcept { return *dialect_; }
  bool sqlite() const noexcept { return dialect_->engine() == Engine::sqlite; }

 private:
  const Dialect* dialect_;
  std::vector<Param>* params_;
  std::string out_;
};

}  // namespace ballast::sql
