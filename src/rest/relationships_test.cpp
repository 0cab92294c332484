#include "rest/relationships.hpp"

#include <gtest/gtest.h>

#include "rest/test_catalog.hpp"

namespace ballast::rest {
namespace {

using catalog::Cardinality;

class Relationships : public ::testing::Test {
 protected:
  Result<const catalog::Relationship*> find(std::string_view origin, std::string_view target,
                                            std::string_view hint = {}) {
    return find_relationship(*snapshot_, *snapshot_->relation("public", origin), target, hint);
  }
  const catalog::Relationship& found(std::string_view origin, std::string_view target, std::string_view hint = {}) {
    auto r = find(origin, target, hint);
    EXPECT_TRUE(r.ok()) << (r.ok() ? "" : r.error().message);
    static const catalog::Relationship none;
    return r.ok() ? **r : none;
  }
  Error refused(std::string_view origin, std::string_view target, std::string_view hint = {}) {
    auto r = find(origin, target, hint);
    EXPECT_FALSE(r.ok());
    return r.ok() ? Error{} : r.error();
  }
  catalog::SnapshotPtr snapshot_ = testing::snapshot();
};

TEST_F(Relationships, AreFoundByTableBothWays) {
  EXPECT_EQ(found("projects", "clients").cardinality, Cardinality::many_to_one);
  EXPECT_EQ(found("clients", "projects").cardinality, Cardinality::one_to_many);
  EXPECT_EQ(found("tasks", "users").cardinality, Cardinality::many_to_many);
}

TEST_F(Relationships, AreFoundByConstraintOrColumn) {
  EXPECT_EQ(found("projects", "projects_client_id_fkey").target, "clients");
  EXPECT_EQ(found("projects", "client_id").target, "clients");
  EXPECT_EQ(found("clients", "projects_client_id_fkey").target, "projects");
}

TEST_F(Relationships, AreToldApartByHints) {
  EXPECT_EQ(found("orders", "addresses", "orders_billing_id_fkey").source_columns.front(), "billing_id");
  EXPECT_EQ(found("orders", "addresses", "shipping_id").source_columns.front(), "shipping_id");
  EXPECT_EQ(found("addresses", "orders", "shipping_id").cardinality, Cardinality::one_to_many);
  EXPECT_EQ(found("tasks", "users", "users_tasks").junction->relation, "users_tasks");
}

TEST_F(Relationships, ASelfReferenceMeansTheManyByTableAndTheOneByColumn) {
  EXPECT_EQ(found("people", "people").cardinality, Cardinality::one_to_many);
  EXPECT_EQ(found("people", "manager_id").cardinality, Cardinality::many_to_one);
  EXPECT_EQ(found("people", "people", "manager_id").cardinality, Cardinality::one_to_many);
}

TEST_F(Relationships, SeveralAreRefusedWithTheCandidates) {
  const auto error = refused("orders", "addresses");
  EXPECT_EQ(error.status, 300);
  EXPECT_EQ(error.code, "PGRST201");
  EXPECT_EQ(error.message, "Could not embed because more than one relationship was found for 'orders' and 'addresses'");
  EXPECT_EQ(error.hint,
            "Try changing 'addresses' to one of the following: 'addresses!orders_billing_id_fkey', "
            "'addresses!orders_shipping_id_fkey'. Find the desired relationship in the 'details' key.");
  EXPECT_TRUE(error.details_are_json);
  EXPECT_EQ(
      error.details,
      R"x([{"cardinality":"many-to-one","embedding":"orders with addresses","relationship":"orders_billing_id_fkey using orders(billing_id) and addresses(id)"},)x"
      R"x({"cardinality":"many-to-one","embedding":"orders with addresses","relationship":"orders_shipping_id_fkey using orders(shipping_id) and addresses(id)"}])x");
}

TEST_F(Relationships, NoneIsRefusedWithTheNearestTable) {
  const auto error = refused("projects", "client");
  EXPECT_EQ(error.status, 400);
  EXPECT_EQ(error.code, "PGRST200");
  EXPECT_EQ(error.message, "Could not find a relationship between 'projects' and 'client' in the schema cache");
  EXPECT_EQ(error.details,
            "Searched for a foreign key relationship between 'projects' and 'client' in the schema "
            "'public', but no matches were found.");
  EXPECT_EQ(error.hint, "Perhaps you meant 'clients' instead of 'client'.");
}

TEST_F(Relationships, AWrongHintIsNamed) {
  const auto error = refused("projects", "clients", "nope");
  EXPECT_EQ(error.details,
            "Searched for a foreign key relationship between 'projects' and 'clients' using the hint "
            "'nope' in the schema 'public', but no matches were found.");
  EXPECT_EQ(error.hint, "");
}

}  // namespace
}  // namespace ballast::rest
