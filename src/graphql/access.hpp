#pragma once

#include <string>

#include "catalog/snapshot.hpp"
#include "policy/principal.hpp"
#include "policy/rules.hpp"

namespace ballast::graphql {

/// What one role may do, so that its schema has nothing else. Statements are checked again when they run.
class Access {
 public:
  Access() = default;
  Access(const Access&) = delete;
  Access& operator=(const Access&) = delete;
  virtual ~Access() = default;

  /// A right on any of its columns counts as one on the relation.
  virtual catalog::Rights on(const catalog::Relation& relation) const = 0;
  virtual catalog::Rights on(const catalog::Relation& relation, const catalog::Column& column) const = 0;
  virtual catalog::Rights on(const catalog::Function& function) const = 0;
};

/// By the rules of ballast.toml. Functions over a relation's row belong to the relation.
class RulesAccess final : public Access {
 public:
  /// Both outlive this.
  RulesAccess(const policy::Rules& rules, const policy::Principal& principal) : rules_(rules), principal_(principal) {}

  catalog::Rights on(const catalog::Relation& relation) const override;
  catalog::Rights on(const catalog::Relation& relation, const catalog::Column& column) const override;
  catalog::Rights on(const catalog::Function& function) const override;

 private:
  bool everything() const { return rules_.open || principal_.bypass; }

  const policy::Rules& rules_;
  const policy::Principal& principal_;
};

/// By what the database's role was granted.
class PrivilegesAccess final : public Access {
 public:
  /// `privileges` outlive this.
  PrivilegesAccess(const catalog::Privileges& privileges, std::string role)
      : privileges_(privileges), role_(std::move(role)) {}

  catalog::Rights on(const catalog::Relation& relation) const override;
  catalog::Rights on(const catalog::Relation& relation, const catalog::Column& column) const override;
  catalog::Rights on(const catalog::Function& function) const override;

 private:
  bool may_use(const std::string& schema) const;

  const catalog::Privileges& privileges_;
  std::string role_;
};

}  // namespace ballast::graphql
