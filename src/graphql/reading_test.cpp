#include "graphql/reading.hpp"

#include <gtest/gtest.h>

#include <string>

#include "graphql/access.hpp"
#include "graphql/coerce.hpp"
#include "graphql/parser.hpp"
#include "graphql/schema_builder.hpp"
#include "graphql/test_catalog.hpp"

namespace ballast::graphql {
namespace {

using namespace testing;  // NOLINT(google-build-using-namespace)

/// Persons who have a boss.
SchemaPtr persons() {
  auto person = table("person", {serial(), column("boss_id", "integer")});
  references(person, "boss_id", "person");
  policy::Rules rules;
  rules.open = true;
  const policy::Principal principal{.role = "anon"};
  return build_schema(snapshot({person}, {}, ""), RulesAccess(rules, principal), {});
}

/// The code of the error that reading the document's first field gives; empty when it can be read.
std::string code_of(const std::string& source, ReadingSettings settings) {
  const SchemaPtr schema = persons();
  auto parsed = parse(source, {});
  const auto& document = std::get<Document>(parsed);
  const Operation& operation = document.operations.front();
  auto coerced = coerce_variables(operation, *schema, "{}", {});
  Collector collector(document, *schema, std::get<Variables>(coerced), {});
  Slots slots;
  Reader reader(*schema, collector, slots, settings);
  const auto fields = collector.root(operation, *schema->query());
  const auto reading = reader.collection(fields.front(), *fields.front().definition->binding.relation);
  return reading ? "" : reading.error().code;
}

std::string nested(const std::string& selection) {
  return "{ personCollection { edges { node { " + selection + " } } } }";
}

TEST(Reading, FollowsAsManyRelationshipsAsAreAllowed) {
  EXPECT_EQ(
      code_of(nested("a: boss { boss { id } } personCollection { totalCount: __typename }"), {.max_relationships = 3}),
      "");
}

TEST(Reading, FollowsNoMoreRelationshipsThanAreAllowed) {
  EXPECT_EQ(code_of(nested("a: boss { boss { id } } b: boss { id } personCollection { __typename }"),
                    {.max_relationships = 3}),
            "BLST422");
}

TEST(Reading, StopsWhereFragmentsMultiplyRelationships) {
  std::string fragments;
  for (int i = 0; i < 16; ++i) {
    const std::string next = " { ...f" + std::to_string(i + 1) + " } ";
    fragments += " fragment f" + std::to_string(i) + " on person { x: boss" + next + "y: boss" + next + "}";
  }
  EXPECT_EQ(code_of(nested("...f0") + fragments + " fragment f16 on person { id }", {}), "BLST422");
}

}  // namespace
}  // namespace ballast::graphql
